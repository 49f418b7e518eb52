/// Which node to connect to next: all in turn, from a random one on, so that many processes spread over them.
struct EndpointRound {
    private let endpoints: [AMQPEndpoint]
    private var index: Int

    /// - Parameter endpoints: at least one.
    init(_ endpoints: [AMQPEndpoint], using generator: inout some RandomNumberGenerator) {
        self.endpoints = endpoints
        index = Int.random(in: endpoints.indices, using: &generator)
    }

    var current: AMQPEndpoint { endpoints[index] }

    mutating func advance() {
        index = (index + 1) % endpoints.count
    }

    /// A node that refused a message is alive, and needs only a new channel; the next one might be the frozen one.
    mutating func advance(after error: AMQPError) {
        if error.code != .nacked {
            advance()
        }
    }
}
