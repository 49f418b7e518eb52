import Contracts
import Foundation
import HTTPTypes

/// The API's table of contents: every resource with its routes.
struct GatewayAPI: Sendable {
    let organizations: OrganizationRoutes
    let checkouts: CheckoutRoutes
    let calls: any ServiceCalls
    let publicURL: String
    let readiness: @Sendable () async -> String?

    func endpoints() throws -> EndpointTable {
        let resources =
            organizations.endpoints
            + EventRoutes(calls: calls).endpoints
            + OccurrenceRoutes(calls: calls, availability: checkouts.availability).endpoints
            + CancellationRoutes(calls: calls, availability: checkouts.availability).endpoints
            + TicketTypeRoutes(calls: calls).endpoints
            + checkouts.endpoints
            + OrderRoutes(calls: calls).endpoints
            + RefundRoutes(calls: calls, wait: RefundWait(calls: calls)).endpoints
            + TicketRoutes(calls: calls).endpoints
            + ScanRoutes(calls: calls).endpoints
            + WebhookRoutes(calls: calls).endpoints
            + RecordRoutes(calls: calls).endpoints
        // The document describes the routes that serve it, too; its bytes do not change what it says of them.
        let described = resources + ServiceRoutes(readiness: readiness, openAPI: []).endpoints
        let document = try OpenAPIDocument(endpoints: described, publicURL: publicURL).bytes()
        return EndpointTable(resources + ServiceRoutes(readiness: readiness, openAPI: document).endpoints)
    }
}
