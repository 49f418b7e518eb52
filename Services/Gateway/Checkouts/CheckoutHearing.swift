import Contracts
import Synchronization

/// What one waiting request has heard of its checkout so far.
final class CheckoutHearing: Sendable {
    private struct State {
        var latest: CheckoutDetails?
        /// Nothing that was heard before the wait begins can end it, if it has been overtaken by then.
        var hasBegun = false
        var isOver = false
        var listener: CheckedContinuation<CheckoutDetails?, Never>?

        mutating func take(_ checkout: CheckoutDetails) {
            guard !isOver else { return }
            if checkout.version >= latest?.version ?? .min { latest = checkout }
            isOver = hasBegun && latest?.state.isSettled == true
        }
    }

    private let state = Mutex(State())

    /// Takes what is heard; older versions than those known say nothing.
    func hear(_ checkout: CheckoutDetails) {
        advance { $0.take(checkout) }
    }

    /// Begins the wait with the checkout as it stands then.
    func begin(with checkout: CheckoutDetails) {
        advance { state in
            state.hasBegun = true
            state.take(checkout)
        }
    }

    /// Ends the wait with what is known.
    func end() {
        advance { $0.isOver = true }
    }

    /// The checkout once it has settled, or as it was last heard of when the wait is ended. For one caller.
    func outcome() async -> CheckoutDetails? {
        await withCheckedContinuation { continuation in
            advance { $0.listener = continuation }
        }
    }

    private func advance(_ change: (inout State) -> Void) {
        let (listener, latest) = state.withLock {
            state -> (CheckedContinuation<CheckoutDetails?, Never>?, CheckoutDetails?) in
            change(&state)
            guard state.isOver, let listener = state.listener else { return (nil, nil) }
            state.listener = nil
            return (listener, state.latest)
        }
        listener?.resume(returning: latest)
    }
}
