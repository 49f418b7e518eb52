import Contracts

extension ScanRecorded {
    /// A ticket's first admission; nil for every other scan.
    var checkInNotice: WebhookNotice? {
        guard result == .admitted, isFirstAdmission, let ticketID else { return nil }
        return WebhookNotice(
            type: .ticketCheckedIn, objectID: ticketID.rawValue, occurredAt: scannedAt,
            data: .members([
                "ticket_id": .id(ticketID), "occurrence_id": .id(occurrenceID), "scan_id": .id(scanID),
                "order_id": orderID.map { .id($0) }, "ticket_type_id": ticketTypeID.map { .id($0) },
                "gate_id": gateID.map { .id($0) }, "checked_in_at": .time(scannedAt),
            ]))
    }
}
