import Contracts
import Foundation
import HTTPTypes

/// Event definitions, kept by Ticketing.
struct EventRoutes: Sendable {
    let calls: any ServiceCalls

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/events", operationID: "createEvent", summary: "Create an event, as a draft.",
                tag: .events, access: .scope(.eventsWrite), idempotency: .required,
                audited: AuditedAction("event.create", on: "event"),
                body: .json(.eventDraft, example: EventDraft.example), answers: [.created(.event)],
                problems: [.conflict], handle: create),
            Endpoint(
                method: .get, path: "/v1/events", operationID: "listEvents", summary: "The events, newest first.",
                tag: .events, access: .scope(.eventsRead),
                query: [
                    .choice("status", EventStatus.self, "Only events of this status."),
                    .choice("category", EventCategory.self, "Only events of this category."),
                ] + QueryParameter.page,
                headers: [.ifNoneMatch], answers: [.page(.eventPage)], isRevalidated: true, isRemembered: true,
                handle: list),
            Endpoint(
                method: .get, path: "/v1/events/{id}", operationID: "getEvent", summary: "One event.", tag: .events,
                access: .scope(.eventsRead), headers: [.ifNoneMatch], answers: [.ok(.event)], isRevalidated: true,
                isRemembered: true, handle: get),
            Endpoint(
                method: .patch, path: "/v1/events/{id}", operationID: "updateEvent",
                summary: "Change an event by JSON Merge Patch, its status included: active, paused or archived.",
                tag: .events, access: .scope(.eventsWrite), idempotency: .accepted,
                audited: AuditedAction("event.update", on: "event"),
                body: .mergePatch(.eventChanges, example: ["name": "Night of the Proms II"]), answers: [.ok(.event)],
                problems: [.conflict, .ticketTypeRequired], handle: update),
            Endpoint(
                method: .post, path: "/v1/events/{id}/activate", operationID: "activateEvent",
                summary: "Put an event on sale. It needs a ticket type.", tag: .events, access: .scope(.eventsWrite),
                idempotency: .required, audited: AuditedAction("event.activate", on: "event"), answers: [.ok(.event)],
                problems: [.ticketTypeRequired, .conflict], handle: activate),
        ]
    }

    private func create(_ call: Call) async throws -> Reply {
        let draft: EventDraft = try call.decode()
        let event = try await calls.ask(CreateEvent(eventID: EventID(call.resourceID), draft: draft), for: call)
        return try .created(event, at: "/v1/events/\(event.id)", id: event.id.description)
    }

    private func list(_ call: Call) async throws -> Reply {
        let question = ListEvents(page: call.page, status: call.choice("status"), category: call.choice("category"))
        return try call.reply(with: try await calls.ask(question, for: call))
    }

    private func get(_ call: Call) async throws -> Reply {
        try .json(200, try await calls.ask(GetEvent(eventID: try call.id(of: "event")), for: call))
    }

    private func update(_ call: Call) async throws -> Reply {
        let id: EventID = try call.id(of: "event")
        let changes: [String: JSONValue] = try call.decode()
        return try Reply.json(200, try await calls.ask(UpdateEvent(eventID: id, changes: changes), for: call)).about(id)
    }

    private func activate(_ call: Call) async throws -> Reply {
        let id: EventID = try call.id(of: "event")
        return try Reply.json(200, try await calls.ask(ActivateEvent(eventID: id), for: call)).about(id)
    }
}
