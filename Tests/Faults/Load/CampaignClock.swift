/// Time as a campaign tells it: seconds after the load began.
struct CampaignClock: Sendable {
    private let start: ContinuousClock.Instant

    init(start: ContinuousClock.Instant = .now) {
        self.start = start
    }

    var now: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// - Throws: `CancellationError`.
    func sleep(until seconds: Double) async throws {
        try await ContinuousClock().sleep(until: start + .seconds(seconds))
    }
}
