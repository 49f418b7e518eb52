import Contracts

extension OccurrenceCanceled {
    /// The fact that an occurrence was canceled.
    init(_ occurrence: OccurrenceDetails, cause: CancellationCause, reason: String, at canceledAt: Timestamp) {
        self.init(
            occurrenceID: occurrence.id, organizationID: occurrence.organizationID, eventID: occurrence.eventID,
            eventName: occurrence.eventName, occurrenceName: occurrence.occurrenceName, startAt: occurrence.startAt,
            timezone: occurrence.timezone, cause: cause, reason: reason, canceledAt: canceledAt)
    }
}

extension OccurrenceDetails {
    /// Why an organiser may not cancel it now; nil when one may.
    func objectionToCanceling(_ settings: EventSettings, at now: Timestamp) -> String? {
        guard now < startAt, status == .scheduled || status == .confirmed else {
            return "This occurrence has begun and can no longer be canceled."
        }
        let last = settings.lastCancellation(startAt: startAt)
        return now <= last ? nil : "This occurrence could be canceled until \(last)."
    }
}

extension CancellationCause {
    /// The reason that attendees read when too few tickets were sold.
    static func minimumNotMetReason(minCapacity: Int) -> String {
        minCapacity == 1 ? "No tickets were sold." : "Fewer than \(minCapacity) tickets were sold."
    }
}
