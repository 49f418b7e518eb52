import Contracts
import Synchronization

/// Passes every change of a checkout on to the requests of this process that wait for it.
///
/// Changes arrive over a broadcast that may lose some, so that whoever waits asks now and then as well.
final class CheckoutWatch: Sendable {
    typealias Hear = @Sendable (CheckoutDetails) -> Void

    /// What ends a watch.
    struct Token: Sendable {
        fileprivate let subject: Subject
        fileprivate let number: Int
    }

    fileprivate struct Subject: Hashable, Sendable {
        let organizationID: OrganizationID
        let checkoutID: CheckoutID
    }

    private struct State {
        var hearers: [Subject: [Int: Hear]] = [:]
        var nextNumber = 0
    }

    private let state = Mutex(State())

    /// How many requests are waiting.
    var count: Int { state.withLock { $0.hearers.values.reduce(0) { $0 + $1.count } } }

    /// Calls `hear` with every change from now on, until ``end(_:)``.
    func watch(_ checkoutID: CheckoutID, of organizationID: OrganizationID, _ hear: @escaping Hear) -> Token {
        let subject = Subject(organizationID: organizationID, checkoutID: checkoutID)
        return state.withLock { state in
            state.nextNumber += 1
            state.hearers[subject, default: [:]][state.nextNumber] = hear
            return Token(subject: subject, number: state.nextNumber)
        }
    }

    func end(_ token: Token) {
        state.withLock { state in
            state.hearers[token.subject]?[token.number] = nil
            if state.hearers[token.subject]?.isEmpty == true { state.hearers[token.subject] = nil }
        }
    }

    func publish(_ checkout: CheckoutDetails, of organizationID: OrganizationID) {
        let subject = Subject(organizationID: organizationID, checkoutID: checkout.id)
        let hearers = state.withLock { $0.hearers[subject] ?? [:] }
        for hear in hearers.values { hear(checkout) }
    }
}
