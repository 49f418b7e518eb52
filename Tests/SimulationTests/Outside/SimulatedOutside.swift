/// What Notifications talks to outside of the platform.
@SimulationActor
struct SimulatedOutside {
    let relay: SimulatedRelay
    let receiver: WebhookReceiver

    /// - Parameter trouble: the chance that something outside does not do at once what it should.
    init(random: SeededGenerator, trouble: Double) {
        var random = random
        relay = SimulatedRelay(random: random.split(), trouble: trouble)
        receiver = WebhookReceiver(random: random.split(), trouble: trouble)
    }

    /// From now on everybody does what they should.
    func calmDown() {
        relay.trouble = 0
        receiver.trouble = 0
    }
}
