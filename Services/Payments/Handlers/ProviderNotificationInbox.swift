import Contracts
import Messaging
import Postgres

/// Where providers' own notifications arrive. They settle charges and refunds exactly as our calls' answers do; the
/// provider sends one again until it is taken.
struct ProviderNotificationInbox: Sendable {
    let charges: ChargeRecorder
    let refunds: RefundRecorder

    /// Takes a notification, in a transaction over all tenants: only the charge or refund knows whose it is.
    /// - Throws: ``PaymentsError/unknownCharge(_:)`` or ``PaymentsError/unknownRefund(_:)`` when that provider has no such
    ///   charge or refund from us.
    func receive(
        _ notification: ProviderNotification, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Effects {
        let provider = notification.provider
        switch notification.content {
        case .charge(let chargeID, let verdict):
            return try charges.record(verdict, of: chargeID, from: provider, in: transaction, at: moment)
        case .refund(let refundID, let verdict):
            return try refunds.record(verdict, of: refundID, from: provider, in: transaction, at: moment)
        }
    }
}
