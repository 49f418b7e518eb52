import Contracts
import Foundation
import HTTPTypes
import Messaging
import Postgres

/// Tenants and their keys: this service's own objects, for the platform key only.
struct OrganizationRoutes: Sendable {
    let database: PostgresClient
    let recorder: ActionRecorder
    let ledger: IdempotencyLedger

    var endpoints: [Endpoint] { organizationEndpoints + keyEndpoints }

    private var organizationEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/organizations", operationID: "createOrganization",
                summary: "Create an organisation.", tag: .organizations, access: .platform, idempotency: .required,
                audited: AuditedAction("organization.create", on: "organization"),
                body: .json(.organizationDraft, example: OrganizationDraft.example),
                answers: [.created(.organization)], problems: [.conflict], handle: create),
            Endpoint(
                method: .get, path: "/v1/organizations", operationID: "listOrganizations",
                summary: "All organisations, newest first.", tag: .organizations, access: .platform,
                query: QueryParameter.page, answers: [.page(.organizationPage)], handle: list),
            Endpoint(
                method: .get, path: "/v1/organizations/{id}", operationID: "getOrganization",
                summary: "One organisation.", tag: .organizations, access: .platform, answers: [.ok(.organization)],
                handle: get),
            Endpoint(
                method: .patch, path: "/v1/organizations/{id}", operationID: "updateOrganization",
                summary: "Rename an organisation, change its plan, suspend, close or reactivate it.",
                tag: .organizations, access: .platform, idempotency: .accepted,
                audited: AuditedAction("organization.update", on: "organization"),
                body: .json(.organizationChanges, example: OrganizationChanges.example), answers: [.ok(.organization)],
                handle: update),
        ]
    }

    private var keyEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/organizations/{id}/api-keys", operationID: "createAPIKey",
                summary: "Make an API key. The key itself is shown in this answer and never again.",
                tag: .organizations, access: .platform, idempotency: .required,
                audited: AuditedAction("api_key.create", on: "api_key"),
                body: .json(.apiKeyDraft, example: APIKeyDraft.example), answers: [.created(.apiKey)],
                problems: [.organizationInactive], handle: createKey),
            Endpoint(
                method: .get, path: "/v1/organizations/{id}/api-keys", operationID: "listAPIKeys",
                summary: "An organisation's keys, newest first, without the keys themselves.", tag: .organizations,
                access: .platform, query: QueryParameter.page, answers: [.page(.apiKeyPage)], handle: listKeys),
            Endpoint(
                method: .delete, path: "/v1/organizations/{id}/api-keys/{key_id}", operationID: "revokeAPIKey",
                summary: "Revoke a key: it stops working within a second on every gateway.", tag: .organizations,
                access: .platform, idempotency: .accepted, audited: AuditedAction("api_key.revoke", on: "api_key"),
                answers: [.noContent], handle: revokeKey),
        ]
    }

    private func create(_ call: Call) async throws -> Reply {
        let draft: OrganizationDraft = try call.decode()
        try Self.checkContact(draft.contactEmail)
        let id = OrganizationID(call.resourceID)
        return try await recorder.perform(call, organizationID: id, ledger: ledger) { transaction, moment in
            let (organization, isNew) = try OrganizationStore(transaction: transaction)
                .create(draft, id: id, at: moment.now)
            let reply = try Reply.created(organization, at: "/v1/organizations/\(id)", id: id.description)
            return (reply, isNew ? [organization.changed] : .none)
        }
    }

    private func list(_ call: Call) async throws -> Reply {
        let page = call.page
        let organizations = try await database.withTransaction(readOnly: true) { transaction in
            try OrganizationStore(transaction: transaction).page(page)
        }
        return try call.reply(with: organizations)
    }

    private func get(_ call: Call) async throws -> Reply {
        let id: OrganizationID = try call.id(of: "organisation")
        return try .json(200, try await organization(id))
    }

    private func update(_ call: Call) async throws -> Reply {
        let id: OrganizationID = try call.id(of: "organisation")
        let changes: OrganizationChanges = try call.decode()
        try Self.checkContact(changes.contactEmail)
        return try await recorder.perform(call, organizationID: id, ledger: ledger) { transaction, moment in
            let store = OrganizationStore(transaction: transaction)
            let before = try store.lock(id)
            var organization = before
            organization.name = changes.name ?? before.name
            organization.status = changes.status ?? before.status
            organization.plan = changes.plan ?? before.plan
            organization.contactEmail = changes.contactEmail ?? before.contactEmail
            organization.settings = changes.settings ?? before.settings
            guard organization != before else { return (try Reply.json(200, before).about(id), .none) }
            organization.version += 1
            organization.updatedAt = moment.now
            try store.update(organization)
            return (try Reply.json(200, organization).about(id), [organization.changed])
        }
    }

    /// - Throws: a `validation-failed` ``Problem`` for an address that no mail can reach.
    private static func checkContact(_ email: String?) throws(Problem) {
        guard let email, !EmailAddress.isDeliverable(email) else { return }
        throw .validation("contact_email", EmailAddress.requirement)
    }

    private func createKey(_ call: Call) async throws -> Reply {
        let organizationID: OrganizationID = try call.id(of: "organisation")
        let draft: APIKeyDraft = try call.decode()
        if let expiresAt = draft.expiresAt, expiresAt <= call.arrival.receivedAt {
            throw Problem.validation("expires_at", "must be in the future")
        }
        let id = APIKeyID(call.resourceID)
        return try await recorder.perform(call, organizationID: organizationID, ledger: ledger) { transaction, moment in
            let organization = try OrganizationStore(transaction: transaction).lock(organizationID)
            guard organization.status == .active else {
                throw Problem(.organizationInactive, "The organisation is \(organization.status.rawValue).")
            }
            let key = try APIKeyStore(transaction: transaction).create(
                draft, id: id, organizationID: organizationID, secret: .make(at: moment), at: moment.now)
            let location = "/v1/organizations/\(organizationID)/api-keys/\(id)"
            return (try Reply.created(key, at: location, id: id.description), .none)
        }
    }

    private func listKeys(_ call: Call) async throws -> Reply {
        let organizationID: OrganizationID = try call.id(of: "organisation")
        _ = try await organization(organizationID)
        let page = call.page
        let keys = try await database.withTransaction(readOnly: true) { transaction in
            try APIKeyStore(transaction: transaction).page(page, organizationID: organizationID)
        }
        return try call.reply(with: keys)
    }

    /// A second revocation of the same key is as good as the first.
    private func revokeKey(_ call: Call) async throws -> Reply {
        let organizationID: OrganizationID = try call.id(of: "organisation")
        let id: APIKeyID = try call.id("key_id", of: "key")
        return try await recorder.perform(call, organizationID: organizationID, ledger: ledger) { transaction, moment in
            let hasWorked = try APIKeyStore(transaction: transaction)
                .revoke(id, organizationID: organizationID, at: moment.now)
            guard let hasWorked else { throw Problem.notFound("key") }
            return (Reply.noContent.about(id), hasWorked ? [APIKeyRevoked(apiKeyID: id)] : .none)
        }
    }

    private func organization(_ id: OrganizationID) async throws -> OrganizationDetails {
        let found = try await database.withTransaction(readOnly: true) { transaction in
            try OrganizationStore(transaction: transaction).find(id)
        }
        guard let found else { throw Problem.notFound("organisation") }
        return found
    }
}
