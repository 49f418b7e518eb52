import Contracts
import Foundation
import HTTPTypes

/// The books: the ledger, kept by Payments, and the audit log, kept by Analytics.
struct RecordRoutes: Sendable {
    let calls: any ServiceCalls

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/v1/ledger/accounts", operationID: "listLedgerAccounts",
                summary: "The ledger's accounts with their balances.", tag: .reports, access: .scope(.ledgerRead),
                query: QueryParameter.page, answers: [.page(.ledgerAccountPage)], handle: accounts),
            Endpoint(
                method: .get, path: "/v1/ledger/entries", operationID: "listLedgerEntries",
                summary: "The journal, newest first, with its lines.", tag: .reports, access: .scope(.ledgerRead),
                query: [.uuid("order_id", "Only entries of this order.")] + QueryParameter.page,
                answers: [.page(.journalEntryPage)], handle: entries),
            Endpoint(
                method: .get, path: "/v1/audit-entries", operationID: "listAuditEntries",
                summary: "Who did what, newest first.", tag: .reports, access: .scope(.auditRead),
                query: QueryParameter.page, answers: [.page(.auditEntryPage)], handle: auditEntries),
        ]
    }

    private func accounts(_ call: Call) async throws -> Reply {
        try call.reply(with: try await calls.ask(ListLedgerAccounts(page: call.page), for: call))
    }

    private func entries(_ call: Call) async throws -> Reply {
        let question = ListLedgerEntries(page: call.page, orderID: call.query["order_id"].flatMap { OrderID($0) })
        return try call.reply(with: try await calls.ask(question, for: call))
    }

    private func auditEntries(_ call: Call) async throws -> Reply {
        try call.reply(with: try await calls.ask(ListAuditEntries(page: call.page), for: call))
    }
}
