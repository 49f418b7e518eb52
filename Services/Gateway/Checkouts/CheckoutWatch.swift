import Contracts
import Synchronization

/// Passes every change of a checkout on to the requests of this process that wait for it.
///
/// Changes arrive over a broadcast that may lose some, so that whoever waits asks now and then as well.
final class CheckoutWatch: Sendable {
    typealias Hear = @Sendable (CheckoutDetails) -> Void

    /// Which changes a request waits for.
    enum Interest: Sendable {
        case everyChange
        /// Those after which nothing more happens by itself.
        case settled
    }

    /// What ends a watch.
    struct Token: Sendable {
        fileprivate let subject: Subject
        fileprivate let number: Int
    }

    fileprivate struct Subject: Hashable, Sendable {
        let organizationID: OrganizationID
        let checkoutID: CheckoutID
    }

    private struct Hearer {
        let interest: Interest
        let hear: Hear
    }

    private struct State {
        var hearers: [Subject: [Int: Hearer]] = [:]
        var nextNumber = 0
        var heardAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// How many requests are waiting.
    var count: Int { state.withLock { $0.hearers.values.reduce(0) { $0 + $1.count } } }

    /// Calls `hear` with every change from now on, until ``end(_:)``; with an interest in settled states, changes to
    /// others may be left out.
    func watch(
        _ checkoutID: CheckoutID, of organizationID: OrganizationID, for interest: Interest = .everyChange,
        _ hear: @escaping Hear
    ) -> Token {
        let subject = Subject(organizationID: organizationID, checkoutID: checkoutID)
        return state.withLock { state in
            state.nextNumber += 1
            state.hearers[subject, default: [:]][state.nextNumber] = Hearer(interest: interest, hear: hear)
            return Token(subject: subject, number: state.nextNumber)
        }
    }

    func end(_ token: Token) {
        state.withLock { state in
            state.hearers[token.subject]?[token.number] = nil
            if state.hearers[token.subject]?.isEmpty == true { state.hearers[token.subject] = nil }
        }
    }

    /// Notes that the broadcast brings changes, of whatever checkout.
    func noteNews() {
        state.withLock { $0.heardAt = .now }
    }

    /// Whether the broadcast has brought anything within this time.
    func hasNews(within duration: Duration) -> Bool {
        state.withLock { state in state.heardAt.map { .now - $0 < duration } ?? false }
    }

    /// What the requests that wait for a checkout want to hear; nil when there are none.
    func interest(in checkoutID: CheckoutID, of organizationID: OrganizationID) -> Interest? {
        let subject = Subject(organizationID: organizationID, checkoutID: checkoutID)
        return state.withLock { state in
            guard let hearers = state.hearers[subject] else { return nil }
            return hearers.values.allSatisfy { $0.interest == .settled } ? .settled : .everyChange
        }
    }

    func publish(_ checkout: CheckoutDetails, of organizationID: OrganizationID) {
        let subject = Subject(organizationID: organizationID, checkoutID: checkout.id)
        let hearers = state.withLock { $0.hearers[subject] ?? [:] }
        for hearer in hearers.values { hearer.hear(checkout) }
    }
}
