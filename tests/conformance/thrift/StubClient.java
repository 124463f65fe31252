import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.layered.TFramedTransport;
import sums.Calculator;

/** Calls the calculator with the stubs that Thrift's compiler made: port, protocol, transport. */
public final class StubClient {
  public static void main(String[] args) throws Exception {
    TTransport socket = new TSocket("127.0.0.1", Integer.parseInt(args[0]));
    TTransport transport = args[2].equals("framed") ? new TFramedTransport(socket) : socket;
    transport.open();
    TProtocol protocol =
        args[1].equals("compact") ? new TCompactProtocol(transport) : new TBinaryProtocol(transport);
    Calculator.Client client = new Calculator.Client(protocol);
    System.out.println(client.add(40, 2) + " " + client.subtract(40, -2));
    transport.close();
  }
}
