"""svcgen: one service definition, servers and clients for every protocol.

Start reading at :mod:`svcgen.pipeline`.
"""

__version__ = "0.1.0"
