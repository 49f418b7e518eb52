import Contracts

/// What becomes of money that bought nothing: it came too late, or twice, or its tickets could not be confirmed. The
/// checkout gives back the whole of it by itself.
extension CheckoutSaga {
    mutating func noteCapture(_ success: ChargeSucceeded) {
        guard let index = charges.lastIndex(where: { $0.id == success.chargeID }) else { return }
        charges[index].state = .succeeded
        charges[index].failure = nil
        charges[index].capturedCents = success.amountCents
        charges[index].currency = success.currency
    }

    /// A capture that pays for nothing here.
    mutating func giveBack(_ success: ChargeSucceeded, at now: Timestamp) -> CheckoutReaction {
        guard let charge = charge(success.chargeID), charge.state != .succeeded else { return .duplicate }
        let before = details
        noteCapture(success)
        let reaction = giveBack(success.chargeID, at: now)
        return details == before ? .noted(reaction.commands, timers: reaction.timers) : reaction
    }

    /// Orders the refund of a captured charge.
    mutating func giveBack(_ chargeID: ChargeID, at now: Timestamp) -> CheckoutReaction {
        guard let index = charges.lastIndex(where: { $0.id == chargeID }) else { return .changed() }
        charges[index].refund = .ordered
        reminders = 0
        return .changed(
            refundCommand(of: charges[index]).map { [$0] } ?? [], timers: [Patience.timer(afterReminders: 0, from: now)]
        )
    }

    /// Nil for a charge that took nothing.
    func refundCommand(of charge: CheckoutCharge) -> CheckoutCommand? {
        guard let amountCents = charge.capturedCents, let currency = charge.currency else { return nil }
        return .refund(
            Refund(
                refundID: charge.id.uselessRefundID, chargeID: charge.id, checkoutID: id, orderID: orderID,
                amountCents: amountCents, currency: currency, purpose: .uselessCapture))
    }

    mutating func notePendingRefund(of chargeID: ChargeID) -> CheckoutReaction {
        guard let index = charges.lastIndex(where: { $0.id == chargeID }), let refund = charges[index].refund else {
            return .unexpected
        }
        guard refund == .ordered else { return .duplicate }
        charges[index].refund = .pending
        return .noted()
    }

    mutating func endRefund(of chargeID: ChargeID) -> CheckoutReaction {
        guard let index = charges.lastIndex(where: { $0.id == chargeID }), let refund = charges[index].refund else {
            return .unexpected
        }
        guard refund != .succeeded else { return .duplicate }
        charges[index].refund = .succeeded
        if state == .refunding, isCurrent(chargeID) {
            state = .refunded
            return .changed()
        }
        return refund == .failed ? CheckoutReaction.noted().resolvingIncidents() : .noted()
    }

    mutating func failRefund(of chargeID: ChargeID, _ reason: RefundFailure) -> CheckoutReaction {
        guard let index = charges.lastIndex(where: { $0.id == chargeID }), let refund = charges[index].refund else {
            return .unexpected
        }
        switch refund {
        case .failed: return .duplicate
        case .succeeded: return .unexpected
        case .ordered, .pending:
            charges[index].refund = .failed
            return CheckoutReaction.noted().raising(
                .refundFailed, "Charge \(chargeID) bought nothing and cannot be refunded: \(reason.rawValue).")
        }
    }
}
