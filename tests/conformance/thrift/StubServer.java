import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TThreadedSelectorServer;
import org.apache.thrift.transport.TNonblockingServerSocket;
import sums.Calculator;

/** Serves the calculator with the stubs that Thrift's compiler made: {@code --port}, port. */
public final class StubServer implements Calculator.Iface {
  @Override
  public int add(int num1, int num2) {
    return num1 + num2;
  }

  @Override
  public int subtract(int num1, int num2) {
    return num1 - num2;
  }

  public static void main(String[] args) throws Exception {
    TNonblockingServerSocket socket = new TNonblockingServerSocket(Integer.parseInt(args[1]));
    TServer server =
        new TThreadedSelectorServer(
            new TThreadedSelectorServer.Args(socket)
                .processor(new Calculator.Processor<>(new StubServer()))
                .protocolFactory(new TCompactProtocol.Factory()));
    server.serve();
  }
}
