import Contracts

extension OccurrenceCanceled {
    /// That the occurrence will not take place.
    var webhookNotice: WebhookNotice {
        WebhookNotice(
            type: .occurrenceCanceled, objectID: occurrenceID.rawValue, occurredAt: canceledAt,
            data: .members([
                "occurrence_id": .id(occurrenceID), "event_id": .id(eventID), "event_name": .string(eventName),
                "occurrence_name": occurrenceName.map { .string($0) }, "start_at": .time(startAt),
                "timezone": .string(timezone), "cause": .string(cause.rawValue), "reason": .string(reason),
                "canceled_at": .time(canceledAt),
            ]))
    }
}
