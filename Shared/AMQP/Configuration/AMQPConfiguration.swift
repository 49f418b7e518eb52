/// How to reach and watch a broker.
public struct AMQPConfiguration: Sendable {
    /// The nodes of the cluster. The first attempt picks one at random, later attempts go round.
    public var endpoints: [AMQPEndpoint]
    /// The user name for SASL PLAIN.
    public var username: String
    /// The password for SASL PLAIN.
    public var password: String
    /// The virtual host.
    public var virtualHost: String
    /// TLS settings, or `nil` for plain TCP.
    public var tls: AMQPTLS?
    /// The heartbeat interval, in whole seconds and at least one. It is shorter where there are other nodes to go to:
    /// there, giving a silent one up too early costs one more connection, and too late the time of everyone who waits. A
    /// single node can only be waited for.
    public var heartbeat: Duration
    /// The limit for opening a connection, and for how long a publisher waits for one. A frozen node accepts a connection
    /// and never answers it: where there are other nodes, they are tried sooner.
    public var connectTimeout: Duration
    /// The limit for one synchronous call such as a queue declaration.
    public var callTimeout: Duration = .seconds(10)
    /// The age of the oldest unconfirmed message at which its connection is given up.
    public var publishTimeout: Duration = .seconds(10)
    /// The longest pause between two attempts to connect; each pause is a random part of its limit (full jitter). A
    /// service needs several connections before it works again, so it waits for the longest of their last pauses.
    public var maximumReconnectDelay: Duration = .seconds(2)
    /// The name that the broker's tools show for the connection.
    public var connectionName: String

    /// The heartbeat with a single node, and with several.
    public static let heartbeat = Duration.seconds(10)
    public static let clusterHeartbeat = Duration.seconds(2)

    /// Creates a configuration with the default limits.
    public init(
        endpoints: [AMQPEndpoint], username: String, password: String, virtualHost: String = "/", tls: AMQPTLS? = nil,
        connectionName: String = "voelgoed"
    ) {
        self.endpoints = endpoints
        heartbeat = endpoints.count > 1 ? Self.clusterHeartbeat : Self.heartbeat
        connectTimeout = endpoints.count > 1 ? .seconds(3) : .seconds(10)
        self.username = username
        self.password = password
        self.virtualHost = virtualHost
        self.tls = tls
        self.connectionName = connectionName
    }

    /// Whether there is more than one node to go to.
    var hasOtherNodes: Bool { endpoints.count > 1 }

    /// How long a broker with this heartbeat may be silent: two of them, and one and a quarter where there are other nodes.
    /// It sends something in each half.
    func silenceLimit(heartbeat: Duration) -> Duration {
        hasOtherNodes ? heartbeat + heartbeat / 4 : heartbeat * 2
    }

    /// The heartbeat as the protocol carries it.
    var heartbeatSeconds: Int32 {
        Int32(clamping: max(1, heartbeat.components.seconds))
    }

    /// - Throws: ``AMQPError/Code/invalidConfiguration`` when no connection could be made with these values.
    func validate() throws(AMQPError) {
        guard !endpoints.isEmpty else {
            throw AMQPError(.invalidConfiguration, "no endpoint is configured")
        }
        if let tls, (tls.clientCertificateFile == nil) != (tls.clientKeyFile == nil) {
            throw AMQPError(.invalidConfiguration, "a client certificate and its key are only valid together")
        }
        for duration in [heartbeat, connectTimeout, callTimeout, publishTimeout] where duration <= .zero {
            throw AMQPError(.invalidConfiguration, "a time limit is not positive: \(duration)")
        }
    }
}
