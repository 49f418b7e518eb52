import Contracts

/// What becomes of answers that do not come.
extension CheckoutSaga {
    /// Asks again for every answer that is missing. A refund that the provider has not decided is only waited for, and so is
    /// a charge: Payments itself asks after it.
    mutating func remind(at now: Timestamp) -> CheckoutReaction {
        var commands = charges.filter { $0.refund == .ordered }.compactMap(refundCommand)
        if state == .confirming, let confirmCommand { commands.append(confirmCommand) }
        if state == .confirming || charges.contains(where: \.isGoingBack) {
            reminders += 1
            let again = CheckoutReaction.noted(
                commands, timers: [Patience.timer(afterReminders: reminders, from: now)])
            guard reminders == Patience.remindersBeforeIncident, !commands.isEmpty else { return again }
            return again.raising(.answerOverdue, "Nobody answers order \(orderID), which is \(state.rawValue).")
        }
        guard state == .paying, hasHoldEnded, incident == nil, let charge = currentCharge else { return .duplicate }
        let limit = expiresAt + Self.patienceWithProvider
        guard now >= limit else { return .noted(timers: [SagaTimer(kind: .answerDue, dueAt: limit)]) }
        return CheckoutReaction.noted().raising(
            .chargeUndecided, "Charge \(charge.id) is undecided since the hold ended at \(expiresAt).")
    }
}
