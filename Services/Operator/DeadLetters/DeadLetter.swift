import AMQP

/// A message that could not be handled, as an operator reads it.
struct DeadLetter: Sendable, Equatable, CustomStringConvertible {
    let id: String?
    /// The message's name.
    let type: String?
    let correlationID: String?
    let organizationID: String?
    /// How often handling it failed.
    let failures: Int64
    /// What the last failure said; nil when the broker gave it up after too many deliveries.
    let reason: String?
    let body: String

    init(_ delivery: AMQPDelivery) {
        let properties = delivery.properties
        id = properties.messageID
        type = properties.type
        correlationID = properties.correlationID
        organizationID = properties.headers["organization-id"]?.string
        failures = properties.headers["failures"]?.int64 ?? 0
        reason = properties.headers["failure-reason"]?.string
        body = String(decoding: delivery.body, as: UTF8.self)
    }

    var description: String {
        """
        id            \(id ?? "-")
        message       \(type ?? "-")
        correlation   \(correlationID ?? "-")
        organisation  \(organizationID ?? "-")
        failures      \(failures)
        reason        \(reason ?? "given up by the broker after too many deliveries")
        body          \(body)
        """
    }
}
