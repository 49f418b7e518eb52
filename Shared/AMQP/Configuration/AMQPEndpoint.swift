/// The address of one broker node.
public struct AMQPEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host name or a literal address.
    public let host: String
    /// The TCP port.
    public let port: UInt16

    /// Creates an endpoint; AMQP's registered ports are 5672, and 5671 with TLS.
    public init(host: String, port: UInt16 = 5672) {
        self.host = host
        self.port = port
    }

    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
