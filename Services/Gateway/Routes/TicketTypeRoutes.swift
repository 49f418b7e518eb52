import Contracts
import Foundation
import HTTPTypes

/// Ticket types, kept by Ticketing.
struct TicketTypeRoutes: Sendable {
    let calls: any ServiceCalls

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/events/{id}/ticket-types", operationID: "createTicketType",
                summary: "Add a ticket type to an event.", tag: .events, access: .scope(.eventsWrite),
                idempotency: .required, audited: AuditedAction("ticket_type.create", on: "ticket_type"),
                body: .json(.ticketTypeDraft, example: TicketTypeDraft.example), answers: [.created(.ticketType)],
                problems: [.conflict], handle: create),
            Endpoint(
                method: .get, path: "/v1/events/{id}/ticket-types", operationID: "listTicketTypes",
                summary: "An event's ticket types.", tag: .events, access: .scope(.eventsRead),
                query: QueryParameter.page, headers: [.ifNoneMatch], answers: [.page(.ticketTypePage)],
                isRevalidated: true, isRemembered: true, handle: list),
            Endpoint(
                method: .patch, path: "/v1/ticket-types/{id}", operationID: "updateTicketType",
                summary: "Change a ticket type by JSON Merge Patch, its status included: active or disabled.",
                tag: .events, access: .scope(.eventsWrite), idempotency: .accepted,
                audited: AuditedAction("ticket_type.update", on: "ticket_type"),
                body: .mergePatch(.ticketTypeChanges, example: ["status": "disabled"]), answers: [.ok(.ticketType)],
                problems: [.conflict], handle: update),
        ]
    }

    /// Ticket types are read by their event: that is where they are found again.
    private func create(_ call: Call) async throws -> Reply {
        let eventID: EventID = try call.id(of: "event")
        let draft: TicketTypeDraft = try call.decode()
        let type = try await calls.ask(
            CreateTicketType(ticketTypeID: TicketTypeID(call.resourceID), eventID: eventID, draft: draft), for: call)
        return try .created(type, at: "/v1/events/\(eventID)/ticket-types", id: type.id.description)
    }

    private func list(_ call: Call) async throws -> Reply {
        let question = ListTicketTypes(eventID: try call.id(of: "event"), page: call.page)
        return try call.reply(with: try await calls.ask(question, for: call))
    }

    private func update(_ call: Call) async throws -> Reply {
        let id: TicketTypeID = try call.id(of: "ticket type")
        let changes: [String: JSONValue] = try call.decode()
        let type = try await calls.ask(UpdateTicketType(ticketTypeID: id, changes: changes), for: call)
        return try Reply.json(200, type).about(id)
    }
}
