import Contracts
import Foundation
import HTTPTypes
import Messaging
import Postgres

/// Tells the audit log what was done or refused, in one transaction with the kept answer and the request's log line.
struct ActionRecorder: Sendable {
    let work: any CommittedWork

    /// Whether the audit log hears of this call: every change that was made or refused, but not one that will be tried
    /// again.
    func isAudited(_ call: Call, _ reply: Reply) -> Bool {
        call.endpoint.audited != nil && call.caller != nil && reply.status < 500
    }

    /// Records a call whose work is done elsewhere. When this fails, the client must repeat the call: it changes
    /// nothing again, and no change goes unrecorded.
    func record(_ reply: Reply, of call: Call, ledger: IdempotencyLedger) async throws {
        try await work.run(
            scope: .service, organizationID: organizationID(of: call, reply), correlationID: nil,
            traceparent: call.traceparent
        ) { transaction, moment in
            ((), try record(reply, of: call, ledger: ledger, in: transaction, at: moment))
        }
        call.arrival.note { $0.isLogged = true }
    }

    /// Does a call's work in this service's own database, and records it in the same transaction: all of it happens, or
    /// nothing.
    /// - Throws: what `body` throws; nothing has happened then.
    func perform(
        _ call: Call, organizationID: OrganizationID, ledger: IdempotencyLedger,
        _ body: @Sendable (PostgresTransaction, Moment) throws -> (Reply, Effects)
    ) async throws -> Reply {
        var reply = try await work.run(
            scope: .service, organizationID: organizationID, correlationID: nil, traceparent: call.traceparent
        ) { transaction, moment in
            var (reply, effects) = try body(transaction, moment)
            reply.effect.organizationID = organizationID
            effects.append(try record(reply, of: call, ledger: ledger, in: transaction, at: moment))
            return (reply, effects)
        }
        call.arrival.note { $0.isLogged = true }
        reply.isRecorded = true
        return reply
    }

    private func record(
        _ reply: Reply, of call: Call, ledger: IdempotencyLedger, in transaction: PostgresTransaction,
        at moment: Moment
    ) throws -> Effects {
        if let claim = call.claim { try ledger.end(claim, with: reply, in: transaction) }
        call.arrival.note { $0.slug = reply.slug }
        try RequestLogStore(transaction: transaction).append([
            call.arrival.logEntry(
                method: call.endpoint.method.rawValue, route: call.endpoint.path, status: reply.status)
        ])
        guard let audited = call.endpoint.audited, let caller = call.caller else { return .none }
        var effects = Effects.none
        effects.send(
            ActionRecorded(
                actionID: call.requestID.lowercaseText, actor: caller.actor, action: audited.action,
                resourceType: audited.resourceType,
                resourceID: reply.effect.resourceID ?? call.pathParameters.sorted { $0.key < $1.key }.last?.value,
                status: reply.status, occurredAt: call.arrival.receivedAt),
            organizationID: organizationID(of: call, reply))
        return effects
    }

    private func organizationID(of call: Call, _ reply: Reply) -> OrganizationID? {
        call.caller?.tenant?.organizationID ?? reply.effect.organizationID
    }
}
