import Contracts
import Foundation
import HTTPTypes

/// Cancellations of occurrences: made by Ticketing, carried through by the Coordinator.
struct CancellationRoutes: Sendable {
    let calls: any ServiceCalls
    let availability: AvailabilityLookup

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/occurrences/{id}/cancel", operationID: "cancelOccurrence",
                summary: "Cancel a date of an event: sales stop at once, and every order is refunded.", tag: .events,
                access: .scope(.eventsWrite), idempotency: .required,
                audited: AuditedAction("occurrence.cancel", on: "occurrence"),
                body: .json(.cancellationDraft, example: CancellationDraft.example),
                answers: [
                    EndpointAnswer(
                        status: 202, summary: "Canceled. The refunds are under way: follow them at the Location.",
                        content: .json(.cancellation), headers: [.location])
                ], problems: [.conflict], handle: cancel),
            Endpoint(
                method: .get, path: "/v1/occurrences/{id}/cancellation", operationID: "getCancellation",
                summary: "How far the refunds of a canceled date are.", tag: .events, access: .scope(.eventsRead),
                answers: [.ok(.cancellation)], handle: get),
            Endpoint(
                method: .get, path: "/v1/occurrences/{id}/cancellation/history", operationID: "getCancellationHistory",
                summary: "Everything that happened in a cancellation.", tag: .events, access: .scope(.eventsRead),
                answers: [.ok(.history)], handle: history),
        ]
    }

    private func cancel(_ call: Call) async throws -> Reply {
        let id: OccurrenceID = try call.id(of: "occurrence")
        let draft: CancellationDraft = try call.decode()
        let occurrence = try await calls.ask(
            CancelOccurrence(occurrenceID: id, reason: draft.reason), for: call, correlationID: id.rawValue)
        availability.forget(id)
        // The occurrence is canceled, whatever the Coordinator can say of it by now.
        let told = try? await calls.ask(GetCancellation(occurrenceID: id), for: call, correlationID: id.rawValue)
        let cancellation = told.map(Cancellation.init) ?? Cancellation(of: occurrence, reason: draft.reason)
        return try Reply.json(202, cancellation, headers: [.location: "/v1/occurrences/\(id)/cancellation"]).about(id)
    }

    private func get(_ call: Call) async throws -> Reply {
        let id: OccurrenceID = try call.id(of: "occurrence")
        let question = GetCancellation(occurrenceID: id)
        guard let told = try await answer(to: question, about: id, for: call) else {
            return try .json(200, Cancellation(of: try await canceledOccurrence(id, for: call)))
        }
        return try .json(200, Cancellation(told))
    }

    private func history(_ call: Call) async throws -> Reply {
        let id: OccurrenceID = try call.id(of: "occurrence")
        let question = GetCancellationHistory(occurrenceID: id)
        guard let told = try await answer(to: question, about: id, for: call) else {
            _ = try await canceledOccurrence(id, for: call)
            return try .json(200, SagaHistory(data: []))
        }
        return try .json(200, told)
    }

    /// - Returns: nil when the Coordinator has not heard of the cancellation, or there is none.
    private func answer<Body: Contracts.Request>(
        to question: Body, about id: OccurrenceID, for call: Call
    ) async throws -> Body.Reply? {
        do {
            return try await calls.ask(question, for: call, correlationID: id.rawValue)
        } catch let problem as Problem where problem.slug == .notFound {
            return nil
        }
    }

    /// The occurrence, which proves a cancellation before the Coordinator has heard of it.
    private func canceledOccurrence(_ id: OccurrenceID, for call: Call) async throws -> OccurrenceDetails {
        let occurrence = try await calls.ask(GetOccurrence(occurrenceID: id), for: call)
        guard occurrence.status == .canceled else { throw Problem(.notFound, "The occurrence is not canceled.") }
        return occurrence
    }
}
