import Contracts
import Foundation
import HTTPTypes

/// The dates of events, kept by Ticketing, and their reports, kept by Analytics.
struct OccurrenceRoutes: Sendable {
    static let availabilityOperation = "getAvailability"

    let calls: any ServiceCalls
    let availability: AvailabilityLookup

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/events/{id}/occurrences", operationID: "createOccurrence",
                summary: "Schedule a date of an event.", tag: .events, access: .scope(.eventsWrite),
                idempotency: .required, audited: AuditedAction("occurrence.create", on: "occurrence"),
                body: .json(.occurrenceDraft, example: OccurrenceDraft.example), answers: [.created(.occurrence)],
                problems: [.conflict], handle: create),
            Endpoint(
                method: .get, path: "/v1/events/{id}/occurrences", operationID: "listOccurrences",
                summary: "An event's dates, by their start.", tag: .events, access: .scope(.eventsRead),
                query: QueryParameter.page, headers: [.ifNoneMatch], answers: [.page(.occurrencePage)],
                isRevalidated: true, isRemembered: true, handle: list),
            Endpoint(
                method: .get, path: "/v1/occurrences/{id}", operationID: "getOccurrence",
                summary: "One date of an event, with the key that verifies its ticket codes.", tag: .events,
                access: .scope(.eventsRead), headers: [.ifNoneMatch], answers: [.ok(.occurrence)], isRevalidated: true,
                isRemembered: true, handle: get),
            Endpoint(
                method: .get, path: "/v1/occurrences/{id}/availability", operationID: Self.availabilityOperation,
                summary: "What is reserved, sold and left, at most a second ago.", tag: .events,
                access: .scope(.eventsRead), answers: [.ok(.availability)], isRemembered: true, handle: showAvailability
            ),
            Endpoint(
                method: .get, path: "/v1/occurrences/{id}/report", operationID: "getOccurrenceReport",
                summary: "Sales and attendance.", tag: .reports, access: .scope(.reportsRead),
                answers: [.ok(.occurrenceReport)], handle: report),
        ]
    }

    private func create(_ call: Call) async throws -> Reply {
        let eventID: EventID = try call.id(of: "event")
        let draft: OccurrenceDraft = try call.decode()
        let occurrence = try await calls.ask(
            CreateOccurrence(occurrenceID: OccurrenceID(call.resourceID), eventID: eventID, draft: draft), for: call)
        return try .created(occurrence, at: "/v1/occurrences/\(occurrence.id)", id: occurrence.id.description)
    }

    private func list(_ call: Call) async throws -> Reply {
        let question = ListOccurrences(eventID: try call.id(of: "event"), page: call.page)
        return try call.reply(with: try await calls.ask(question, for: call))
    }

    private func get(_ call: Call) async throws -> Reply {
        let question = GetOccurrence(occurrenceID: try call.id(of: "occurrence"))
        return try .json(200, try await calls.ask(question, for: call))
    }

    private func showAvailability(_ call: Call) async throws -> Reply {
        let question = GetAvailability(occurrenceID: try call.id(of: "occurrence"))
        let shown = try await calls.ask(question, for: call)
        availability.note(shown, of: try call.organizationID)
        return try .json(200, shown)
    }

    private func report(_ call: Call) async throws -> Reply {
        let question = GetOccurrenceReport(occurrenceID: try call.id(of: "occurrence"))
        return try .json(200, try await calls.ask(question, for: call))
    }
}
