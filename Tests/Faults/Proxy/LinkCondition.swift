/// What a link does to the bytes that pass. The default is a good network.
struct LinkCondition: Sendable, Equatable {
    /// How much later than sent every byte arrives.
    var delay: Duration = .zero
    /// How much later still at most, anew for each piece. Order is kept, as TCP keeps it.
    var jitter: Duration = .zero
    /// The most that passes in each direction; nil for no limit.
    var bytesPerSecond: Int?
    /// The directions in which nothing arrives. The bytes wait and arrive once the link is good again, as those of TCP
    /// do after a cut: a proxy that dropped them would invent a fault that no network has.
    var silent: Set<LinkDirection> = []
    /// Every connection is reset, and so is each new one.
    var isReset = false

    static let good = LinkCondition()
    static let blackHole = LinkCondition(silent: [.toServer, .toClient])
    static let halfOpen = LinkCondition(silent: [.toClient])
    static let reset = LinkCondition(isReset: true)
}
