import Contracts
import Messaging
import Postgres

/// Where providers' own notifications arrive. They settle charges exactly as our calls' answers do; the provider sends
/// one again until it is taken.
struct ProviderNotificationInbox: Sendable {
    let recorder: ChargeRecorder

    /// Takes a notification, in a transaction over all tenants: only the charge knows whose it is.
    /// - Throws: ``PaymentsError/unknownCharge(_:)`` when that provider has no such charge from us.
    func receive(
        _ notification: ProviderNotification, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Effects {
        try recorder.record(notification, in: transaction, at: moment)
    }
}
