/// The state of the connection that a publisher, consumer or requester keeps up, for health checks and tests.
public struct AMQPConnectionStatus: Sendable {
    /// Whether a connection is up and set up: topology declared, consumers started.
    public internal(set) var isConnected = false
    /// Why the broker blocks publishers, or `nil` while it does not.
    public internal(set) var blockedReason: String?
    /// How many connections were set up so far.
    public internal(set) var connectionCount = 0
    /// Why the last connection ended or could not be made. It stays when a later one works.
    public internal(set) var lastError: AMQPError?

    /// Whether the broker blocks publishers.
    public var isBlocked: Bool {
        blockedReason != nil
    }

    /// Whether messages can be published now.
    public var isReady: Bool {
        isConnected && !isBlocked
    }

    mutating func connected() {
        isConnected = true
        connectionCount += 1
    }

    mutating func disconnected(_ error: AMQPError) {
        isConnected = false
        blockedReason = nil
        lastError = error
    }
}
