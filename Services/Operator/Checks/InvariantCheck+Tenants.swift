import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariant 7: tenants are apart, in each database and across them.
    static let tenants =
        [
            InvariantCheck(
                7, "tickets, orders and what they are for are of one organisation", in: .ticketing,
                sql: """
                    SELECT format('ticket %s of organisation %s: order %s, occurrence %s, type %s, attendee %s',
                                  ticket.id, ticket.organization_id, orders.organization_id, occurrence.organization_id,
                                  type.organization_id, attendee.organization_id)
                    FROM tickets AS ticket
                    JOIN orders ON orders.id = ticket.order_id
                    JOIN event_occurrences AS occurrence ON occurrence.id = ticket.event_occurrence_id
                    JOIN ticket_types AS type ON type.id = ticket.ticket_type_id
                    JOIN attendees AS attendee ON attendee.id = ticket.attendee_id
                    WHERE ticket.organization_id <> orders.organization_id
                       OR ticket.organization_id <> occurrence.organization_id
                       OR ticket.organization_id <> type.organization_id
                       OR ticket.organization_id <> attendee.organization_id
                    UNION ALL
                    SELECT format('refund %s of organisation %s: order %s', refund.id, refund.organization_id,
                                  orders.organization_id)
                    FROM order_refunds AS refund JOIN orders ON orders.id = refund.order_id
                    WHERE refund.organization_id <> orders.organization_id
                    """),
            InvariantCheck(
                7, "journal entries, their lines, accounts, charges and refunds are of one organisation", in: .payments,
                sql: """
                    SELECT format('entry %s of organisation %s: line %s, account %s, charge %s, refund %s', entry.id,
                                  entry.organization_id, line.organization_id, account.organization_id,
                                  coalesce(charge.organization_id::text, '-'),
                                  coalesce(refund.organization_id::text, '-'))
                    FROM journal_entries AS entry
                    JOIN journal_lines AS line ON line.entry_id = entry.id
                    JOIN ledger_accounts AS account ON account.id = line.account_id
                    LEFT JOIN transactions AS charge ON charge.id = entry.charge_id
                    LEFT JOIN refunds AS refund ON refund.id = entry.refund_id
                    WHERE entry.organization_id <> line.organization_id
                       OR entry.organization_id <> account.organization_id
                       OR entry.organization_id <> charge.organization_id
                       OR entry.organization_id <> refund.organization_id
                    UNION ALL
                    SELECT format('refund %s of organisation %s: charge %s of organisation %s', refund.id,
                                  refund.organization_id, charge.id, charge.organization_id)
                    FROM refunds AS refund JOIN transactions AS charge ON charge.id = refund.known_charge_id
                    WHERE refund.organization_id <> charge.organization_id
                    """),
            InvariantCheck(
                7, "scans, movements and their tickets are of one organisation", in: .scanning,
                sql: """
                    SELECT format('scan %s of organisation %s: ticket %s of organisation %s', scan.id,
                                  scan.organization_id, ticket.id, ticket.organization_id)
                    FROM scans AS scan JOIN tickets AS ticket ON ticket.id = scan.ticket_id
                    WHERE scan.organization_id <> ticket.organization_id
                    UNION ALL
                    SELECT format('movement %s of organisation %s: ticket %s of organisation %s', movement.sequence,
                                  movement.organization_id, ticket.id, ticket.organization_id)
                    FROM in_out_events AS movement JOIN tickets AS ticket ON ticket.id = movement.ticket_id
                    WHERE movement.organization_id <> ticket.organization_id
                    """),
            InvariantCheck(
                7, "sagas, their history, their timers and their incidents are of one organisation", in: .coordinator,
                sql: SagaKind.allCases.map(belongings).joined(separator: "\nUNION ALL\n")
                    + """

                    UNION ALL
                    SELECT format('refund %s of organisation %s: checkout %s of organisation %s', refund.id,
                                  refund.organization_id, checkout.id, checkout.organization_id)
                    FROM refunds AS refund JOIN checkouts AS checkout ON checkout.id = refund.checkout_id
                    WHERE refund.organization_id <> checkout.organization_id
                    """),
            InvariantCheck(
                7, "reports and their facts are of one organisation", in: .analytics,
                sql: """
                    SELECT format('occurrence %s of organisation %s: %s of organisation %s', report.occurrence_id,
                                  report.organization_id, fact.kind, fact.organization_id)
                    FROM occurrence_reports AS report
                    JOIN (
                        SELECT DISTINCT 'sales' AS kind, occurrence_id, organization_id FROM sales
                        UNION ALL
                        SELECT DISTINCT 'admissions', occurrence_id, organization_id FROM admissions
                        UNION ALL
                        SELECT 'type report', occurrence_id, organization_id FROM occurrence_type_reports
                        UNION ALL
                        SELECT 'revenue', occurrence_id, organization_id FROM occurrence_revenues
                        UNION ALL
                        SELECT DISTINCT 'refunds', occurrence_id, organization_id FROM refunds
                        UNION ALL
                        SELECT DISTINCT 'refunded tickets', occurrence_id, organization_id FROM ticket_refunds
                        UNION ALL
                        SELECT 'refund report', occurrence_id, organization_id FROM occurrence_refunds
                    ) AS fact ON fact.occurrence_id = report.occurrence_id
                    WHERE fact.organization_id <> report.organization_id
                    """),
            InvariantCheck(
                7, "deliveries and what they deliver are of one organisation", in: .notifications,
                sql: """
                    SELECT format('order %s of organisation %s: notification of organisation %s, ticket of '
                                  'organisation %s', delivery.order_id, delivery.organization_id,
                                      notification.organization_id,
                                  item.organization_id)
                    FROM ticket_deliveries AS delivery
                    JOIN notifications AS notification ON notification.id = delivery.notification_id
                    JOIN ticket_delivery_items AS item ON item.order_id = delivery.order_id
                    WHERE delivery.organization_id <> notification.organization_id
                       OR delivery.organization_id <> item.organization_id
                    UNION ALL
                    SELECT format('ticket %s of organisation %s: refund of organisation %s', item.ticket_id,
                                  item.organization_id, refund.organization_id)
                    FROM ticket_delivery_items AS item
                    JOIN ticket_refunds AS refund ON refund.ticket_id = item.ticket_id
                    WHERE item.organization_id <> refund.organization_id
                    UNION ALL
                    SELECT format('webhook delivery %s of organisation %s: event of organisation %s, endpoint of '
                                  'organisation %s', delivery.id, delivery.organization_id, event.organization_id,
                                  endpoint.organization_id)
                    FROM webhook_delivery_logs AS delivery
                    JOIN webhook_events AS event ON event.id = delivery.event_id
                    JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id
                    WHERE delivery.organization_id <> event.organization_id
                       OR delivery.organization_id <> endpoint.organization_id
                    """),
            InvariantCheck(
                7, "keys, their limits and their requests are of one organisation", in: .gateway,
                sql: """
                    SELECT format('key %s of organisation %s: %s of organisation %s', key.id, key.organization_id,
                                  used.what, used.organization_id)
                    FROM api_keys AS key
                    JOIN (
                        SELECT 'rate limit' AS what, api_key_id, organization_id FROM rate_limit_rules
                        UNION ALL
                        SELECT DISTINCT 'requests', api_key_id, organization_id FROM api_request_log
                    ) AS used ON used.api_key_id = key.id
                    WHERE used.organization_id <> key.organization_id
                    """),
            InvariantCheck(7, "orders, checkouts and charges are of one organisation", find: mixedJourneys),
            InvariantCheck(8, "every organisation is known to Ticketing as it is", find: unheardOrganizations),
        ] + OperatorEnvironment.Database.ofServices.map(openTables)

    /// What the Coordinator keeps beside a saga and has another organisation than it.
    private static func belongings(of kind: SagaKind) -> String {
        """
        SELECT format('\(kind.rawValue) %s of organisation %s: %s of organisation %s', saga.id, saga.organization_id,
                      kept.what, kept.organization_id)
        FROM \(kind.table) AS saga
        JOIN (
            SELECT 'history' AS what, \(kind.reference) AS saga_id, organization_id FROM \(kind.history)
            UNION ALL
            SELECT 'timer', \(kind.reference), organization_id FROM \(kind.timers)
            UNION ALL
            SELECT 'incident', saga_id, organization_id FROM incidents WHERE saga = '\(kind.rawValue)'
        ) AS kept ON kept.saga_id = saga.id
        WHERE kept.organization_id <> saga.organization_id
        """
    }

    /// Row-level security is what stands between two tenants when a query forgets one.
    private static func openTables(of database: OperatorEnvironment.Database) -> InvariantCheck {
        InvariantCheck(
            7, "\(database.rawValue)'s tables are closed to other tenants", in: database,
            sql: """
                SELECT format('table %s', tenant.relname)
                FROM pg_class AS tenant
                JOIN pg_attribute AS organization ON organization.attrelid = tenant.oid
                     AND organization.attname = 'organization_id' AND NOT organization.attisdropped
                WHERE tenant.relkind IN ('r', 'p') AND tenant.relnamespace = 'public'::regnamespace
                  AND (NOT tenant.relrowsecurity OR NOT tenant.relforcerowsecurity
                       OR pg_get_userbyid(tenant.relowner) LIKE '%\\_tenant'
                       OR NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tenant.oid)
                       OR EXISTS (
                           SELECT FROM pg_policy WHERE polrelid = tenant.oid AND polpermissive
                           AND coalesce(pg_get_expr(polqual, polrelid), '') NOT LIKE '%app.organization_id%'))
                """)
    }

    private struct Journey: Sendable {
        let orderID: UUID
        let checkoutID: UUID
        let organizationID: UUID
    }

    @Sendable private static func mixedJourneys(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.orderID) { client, last in
            try await client.query(
                """
                SELECT id, checkout_id, organization_id FROM orders WHERE id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, UUID).self).map { Journey(orderID: $0, checkoutID: $1, organizationID: $2) }
        } judge: { journeys in
            let checkouts = try await scope.client(.coordinator).query(
                "SELECT id, organization_id FROM checkouts WHERE id = ANY(\(journeys.map(\.checkoutID)))"
            ).decode((UUID, UUID).self)
            let owners = Dictionary(uniqueKeysWithValues: checkouts.map { ($0, $1) })
            let charges = try await scope.client(.payments).query(
                """
                SELECT order_id, id, organization_id FROM transactions
                WHERE order_id = ANY(\(journeys.map(\.orderID)))
                """
            ).decode((UUID, UUID, UUID).self)
            let chargesByOrder = Dictionary(grouping: charges) { $0.0 }
            return journeys.flatMap { journey in
                let order = "order \(journey.orderID.text) of organisation \(journey.organizationID.text)"
                var findings: [String] = []
                if let owner = owners[journey.checkoutID], owner != journey.organizationID {
                    findings.append("\(order): checkout \(journey.checkoutID.text) of organisation \(owner.text)")
                }
                for (_, charge, owner) in chargesByOrder[journey.orderID, default: []]
                where owner != journey.organizationID {
                    findings.append("\(order): charge \(charge.text) of organisation \(owner.text)")
                }
                return findings
            }
        }
    }

    private struct KnownOrganization: Sendable, Equatable {
        let id: UUID
        let status: String
        let version: Int
    }

    /// An organisation's status gates every sale, so that a lost change of it matters.
    @Sendable private static func unheardOrganizations(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .gateway, id: \.id) { client, last in
            try await client.query(
                """
                SELECT id, status, version FROM organizations WHERE updated_at < \(scope.settledBefore) AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, String, Int).self).map { KnownOrganization(id: $0, status: $1, version: $2) }
        } judge: { organizations in
            let known = try await scope.client(.ticketing).query(
                "SELECT id, status, version FROM organizations WHERE id = ANY(\(organizations.map(\.id)))"
            ).decode((UUID, String, Int).self).map { ($0, KnownOrganization(id: $0, status: $1, version: $2)) }
            let knownByID = Dictionary(uniqueKeysWithValues: known)
            return organizations.compactMap { organization in
                // A change that came after the page was read may have arrived already.
                guard let heard = knownByID[organization.id], heard.version >= organization.version else {
                    let heard = knownByID[organization.id].map { "\($0.status) at version \($0.version)" } ?? "unknown"
                    return "organisation \(organization.id.text) is \(organization.status) at version "
                        + "\(organization.version), heard of as \(heard)"
                }
                return nil
            }
        }
    }
}
