import Contracts

/// Whether an event grants refunds, and until when.
struct RefundPolicy: Sendable, Equatable {
    let isAllowed: Bool
    /// No refund later than so many hours before the start; nil for no such limit.
    let cutoffHours: Int?

    /// Why it grants no refund now, in words for the organiser; nil when it does.
    func objection(startAt: Timestamp, at now: Timestamp) -> String? {
        guard isAllowed else { return "This event's refund policy allows no refunds." }
        guard let cutoffHours else { return nil }
        let last = startAt - .hours(cutoffHours)
        return now <= last ? nil : "This event's refund policy allowed refunds until \(last)."
    }
}
