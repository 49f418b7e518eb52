/// How busy a client's connections are at one moment.
public struct PostgresPoolStatistics: Sendable, Equatable {
    /// Connections that serve somebody.
    public var inUse = 0
    /// Open connections that serve nobody.
    public var idle = 0
    /// Connections that are being opened.
    public var connecting = 0
    /// Callers that wait for a connection.
    public var waiting = 0
    /// The most connections there may be.
    public var maximum: Int

    public init(maximum: Int) {
        self.maximum = maximum
    }
}
