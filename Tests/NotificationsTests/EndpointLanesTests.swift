import Contracts
import Foundation
import Testing

@testable import Notifications

@Suite("How many attempts run against one endpoint", .timeLimit(.minutes(1)))
struct EndpointLanesTests {
    private let endpoint = WebhookEndpointID(UUID())
    private let other = WebhookEndpointID(UUID())

    @Test("A full lane turns the next one away, and holds up no other endpoint")
    func full() async {
        let lanes = EndpointLanes(width: 2, maximumWaiting: 0)
        #expect(await lanes.enter(endpoint))
        #expect(await lanes.enter(endpoint))
        #expect(await !lanes.enter(endpoint))
        #expect(await lanes.enter(other))
        lanes.leave(endpoint, wasSlow: false)
        #expect(await lanes.enter(endpoint))
    }

    @Test("Who waits gets the place that becomes free")
    func waiting() async {
        let lanes = EndpointLanes(width: 1, maximumWaiting: 1)
        #expect(await lanes.enter(endpoint))
        async let second = lanes.enter(endpoint)
        while lanes.waitingCount(endpoint) == 0 { await Task.yield() }
        lanes.leave(endpoint, wasSlow: false)
        #expect(await second)
        lanes.leave(endpoint, wasSlow: false)
    }

    @Test("A slow endpoint gets two places and nobody waits for it, until it answers in time again")
    func slow() async {
        let lanes = EndpointLanes(width: 4, slowWidth: 2, maximumWaiting: 8)
        #expect(await lanes.enter(endpoint))
        lanes.leave(endpoint, wasSlow: true)
        #expect(await lanes.enter(endpoint))
        #expect(await lanes.enter(endpoint))
        #expect(await !lanes.enter(endpoint))
        lanes.leave(endpoint, wasSlow: false)
        #expect(await lanes.enter(endpoint))
        #expect(await lanes.enter(endpoint))
    }

    @Test("Those who wait are sent away when the endpoint turns out to be slow")
    func dismissed() async {
        let lanes = EndpointLanes(width: 1, maximumWaiting: 1)
        #expect(await lanes.enter(endpoint))
        async let second = lanes.enter(endpoint)
        while lanes.waitingCount(endpoint) == 0 { await Task.yield() }
        lanes.leave(endpoint, wasSlow: true)
        #expect(await !second)
    }
}
