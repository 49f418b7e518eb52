import Contracts

/// What a completed order tells of its occurrence, and what decides whether it may be completed.
struct OccurrenceFacts: Sendable, Equatable {
    let id: OccurrenceID
    let organizationID: OrganizationID
    let eventID: EventID
    let status: OccurrenceStatus
    let minCapacity: Int
    let publicKey: [UInt8]
    let eventName: String
    let occurrenceName: String?
    let startAt: Timestamp
    let endAt: Timestamp
    let timezone: String
    let venueName: String?
    let venueAddress: JSONValue?
    let organizerName: String?
}
