import Contracts

/// The event types that an endpoint asked for.
enum WebhookEventTypes {
    /// Each type once, in the order asked for.
    /// - Throws: a `validation-failed` ``Problem`` when there are none.
    static func checked(_ types: [WebhookEventType]) throws(Problem) -> [WebhookEventType] {
        guard !types.isEmpty else {
            let known = WebhookEventType.allCases.map(\.rawValue).joined(separator: ", ")
            throw .validation("event_types", "must name at least one of \(known)")
        }
        var seen: Set<WebhookEventType> = []
        return types.filter { seen.insert($0).inserted }
    }
}
