/// What is asked of the platform, one request after the other.
protocol Workload: AnyObject {
    /// Makes the next request.
    /// - Parameter tag: what ``judge(_:tag:)`` is to be told of it.
    /// - Returns: the whole request; nil when there is nothing more to ask.
    func next(tag: inout Int) -> [UInt8]?

    /// Says what an answer means.
    func judge(_ reply: Reply, tag: Int) -> Outcome
}

/// What became of a request.
struct Outcome {
    /// Its name in the report: a checkout's state, a scan's result, the slug of a problem.
    var name: String
    /// Whether the request did what the load is measured by.
    var counts: Bool
    /// Whether it may happen at all in this scenario.
    var isExpected: Bool
    /// Tickets sold by it.
    var tickets = 0
    /// After how many seconds the same request is to be sent again, when the answer was none for good.
    var retryAfter: Int?
}
