import Contracts

/// Lets a server hear of an organiser's sales, gives it another secret now and then, and may close its ears for a while.
@SimulationActor
struct Subscriber {
    private let organizer: Organizer
    private let endpointID: WebhookEndpointID
    private var simulation: Simulation { organizer.simulation }

    /// Registers an endpoint; nil when it was refused.
    init?(for organizer: Organizer) async {
        self.organizer = organizer
        endpointID = organizer.id()
        let url = "http://127.0.0.1/\(endpointID)"
        let types = WebhookEventType.allCases.filter { _ in organizer.chance(0.8) }
        guard !types.isEmpty,
            let endpoint = await organizer.insist(
                on: CreateWebhookEndpoint(endpointID: endpointID, url: url, eventTypes: types))
        else { return nil }
        organizer.simulation.auditor.told(endpoint)
    }

    func meddle() async {
        if organizer.chance(0.4) {
            await organizer.rest(100...60_000)
            let request = RotateWebhookSecret(
                endpointID: endpointID, rotationID: organizer.id(),
                oldSecretExpiresInSeconds: organizer.number(in: 0...600))
            simulation.auditor.expectsAnotherSecret(of: endpointID)
            if let endpoint = await organizer.insist(on: request) { simulation.auditor.told(endpoint) }
        }
        guard organizer.chance(0.25) else { return }
        await organizer.rest(100...60_000)
        simulation.auditor.closes(endpointID)
        for status in [WebhookEndpointStatus.disabled, .enabled] {
            _ = await organizer.insist(
                on: UpdateWebhookEndpoint(endpointID: endpointID, changes: WebhookEndpointChanges(status: status)))
            await organizer.rest(100...30_000)
        }
    }
}
