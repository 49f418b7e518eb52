import AMQP
import Contracts
import Foundation
import Messaging
import Postgres

@testable import Messaging

/// Everybody who uses the platform in a run.
@SimulationActor
struct Cast {
    private let simulation: Simulation

    init(_ simulation: Simulation) {
        self.simulation = simulation
    }

    /// Puts the organisers on stage; their buyers follow them.
    func begin() async throws {
        let organizations = simulation.random.chance(0.25) ? 2 : 1
        for number in 1...organizations {
            let moment = simulation.time.moments.moment()
            let organization = OrganizationChanged(
                organizationID: moment.makeID(), displayName: "Organiser \(number)", slug: "organiser-\(number)",
                status: .active, plan: "free", version: 1)
            try await found(organization)
            announce(organization)
            let organizer = Organizer(organization.organizationID, in: simulation)
            let buyers = simulation.shape.buyers / organizations
            simulation.perform(organizer.script) {
                guard let offer = await organizer.openSale() else { return }
                for _ in 0..<max(1, buyers) {
                    let buyer = Buyer(of: offer, in: simulation)
                    simulation.perform(buyer.script) { await buyer.live() }
                }
                await organizer.look(after: offer)
            }
        }
    }

    /// Writes an organisation down where the Gateway would.
    private func found(_ organization: OrganizationChanged) async throws {
        _ = try await simulation.world.databases.client(of: .gateway).query(
            """
            INSERT INTO organizations (id, name, slug, status, plan, version, created_at, updated_at)
            VALUES (\(organization.organizationID), \(organization.displayName), \(organization.slug), 'active', 'free',
                    1, \(simulation.now), \(simulation.now))
            """)
    }

    /// Tells of it until the broker has it, as the Gateway's outbox does.
    private func announce(_ organization: OrganizationChanged) {
        let moment = simulation.time.moments.moment()
        let envelope = Envelope(
            id: moment.makeUUID(), type: OrganizationChanged.name, occurredAt: moment.now,
            organizationID: organization.organizationID, appID: ServiceName.gateway.rawValue)
        // A value of a few strings can always be encoded.
        guard let body = try? MessageCodec.encode(organization) else { return }
        let message = WireMessage(
            exchange: Exchange.events, routingKey: OrganizationChanged.name, envelope: envelope, body: body)
        tell(message)
    }

    private func tell(_ message: WireMessage) {
        let isConfirmed = simulation.publish(
            AMQPMessage(
                exchange: message.exchange, routingKey: message.routingKey,
                properties: EnvelopeCodec.properties(of: message), body: message.body))
        if !isConfirmed { simulation.later(.seconds(1)) { tell(message) } }
    }
}
