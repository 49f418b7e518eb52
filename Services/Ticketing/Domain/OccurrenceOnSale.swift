import Contracts

/// What decides whether tickets of an occurrence may be held.
struct OccurrenceOnSale: Sendable, Equatable {
    let id: OccurrenceID
    let organizationID: OrganizationID
    let eventID: EventID
    let accountID: AccountID?
    let status: OccurrenceStatus
    let endAt: Timestamp
    let eventStatus: EventStatus
    let isOrganizationActive: Bool

    /// Why nothing of it sells now; nil when it does. Sales go on until the end: people come late.
    func closure(at now: Timestamp) -> String? {
        guard isOrganizationActive else { return "The organiser does not sell tickets at present." }
        switch eventStatus {
        case .active: break
        case .draft: return "Tickets for this event are not on sale yet."
        case .paused: return "The sale of tickets for this event is paused."
        case .archived: return "This event is no longer offered."
        }
        switch status {
        case .scheduled, .confirmed, .inProgress: break
        case .completed: return "This event is over."
        case .canceled: return "This event was canceled."
        }
        return now < endAt ? nil : "This event is over."
    }
}
