import Contracts
import Metrics
import Synchronization

/// Lets checkouts begin while the platform can finish them soon, and turns the others away before anything is done for
/// them: a queue would only make everybody late.
final class CheckoutAdmission: Sendable {
    /// A checkout that is under way. It ends when nobody holds it any more.
    final class Slot: Sendable {
        private let admission: CheckoutAdmission
        private let organizationID: OrganizationID
        private let hasSettled = Mutex(false)

        fileprivate init(_ admission: CheckoutAdmission, _ organizationID: OrganizationID) {
            self.admission = admission
            self.organizationID = organizationID
        }

        deinit { admission.end(of: organizationID, hasSettled: hasSettled.withLock { $0 }) }

        /// Notes that the platform has finished the checkout.
        func settle() { hasSettled.withLock { $0 = true } }
    }

    private let limit: Mutex<AdmissionLimit>
    private let now: @Sendable () -> Duration
    private let refusedCount = Counter(label: "voelgoed_checkouts_refused_total", dimensions: [("reason", "busy")])
    private let soldOutCount = Counter(label: "voelgoed_checkouts_refused_total", dimensions: [("reason", "sold_out")])
    private let limitGauge = Gauge(label: "voelgoed_checkouts_limit")
    private let underWayGauge = Gauge(label: "voelgoed_checkouts_under_way")

    /// - Parameter now: the reading of a monotonic clock.
    init(_ rules: AdmissionLimit.Rules, now: @escaping @Sendable () -> Duration) {
        limit = Mutex(AdmissionLimit(rules, at: now()))
        self.now = now
        // A series that is not there until something happens cannot be watched.
        refusedCount.increment(by: 0)
        soldOutCount.increment(by: 0)
        change { _ in }
    }

    convenience init(_ rules: AdmissionLimit.Rules) {
        let start = ContinuousClock.now
        self.init(rules) { ContinuousClock.now - start }
    }

    /// Begins a checkout.
    /// - Throws: a ``Problem`` `rate-limited`.
    func begin(of organizationID: OrganizationID) throws(Problem) -> Slot {
        if let seconds = change({ $0.begin(of: organizationID, at: now()) }) { throw refusal(seconds) }
        return Slot(self, organizationID)
    }

    /// Lets a checkout through that will begin in a moment.
    /// - Returns: nil, or the answer when there is no room for it: `rate-limited`.
    func refusal(for organizationID: OrganizationID) -> Problem? {
        change { $0.letThrough(organizationID, at: now()) }.map(refusal)
    }

    /// Counts a buyer who was told that nothing is left.
    func countSoldOut() { soldOutCount.increment() }

    private func refusal(_ seconds: Int) -> Problem {
        refusedCount.increment()
        return Problem(
            .rateLimited, "More people are buying than can be served at once. Nothing was held; try again in a moment.",
            retryAfterSeconds: seconds)
    }

    private func end(of organizationID: OrganizationID, hasSettled: Bool) {
        change { $0.end(of: organizationID, hasSettled: hasSettled, at: now()) }
    }

    private func change<Outcome>(_ change: (inout AdmissionLimit) -> Outcome) -> Outcome {
        limit.withLock { limit in
            defer {
                limitGauge.record(limit.limit)
                underWayGauge.record(limit.underWay)
            }
            return change(&limit)
        }
    }
}
