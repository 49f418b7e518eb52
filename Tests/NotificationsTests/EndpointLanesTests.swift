import Contracts
import Foundation
import Testing

@testable import Messaging
@testable import Notifications

@Suite("How many attempts run against one endpoint")
struct EndpointLanesTests {
    private let endpoint = WebhookEndpointID(UUID())
    private let other = WebhookEndpointID(UUID())
    private let start = ContinuousClock.now

    @Test("A full lane turns the next one away, and holds up no other endpoint")
    func full() throws {
        let lanes = EndpointLanes(width: 2)
        let first = try #require(lanes.enter(endpoint))
        #expect(lanes.enter(endpoint) != nil)
        #expect(lanes.enter(endpoint) == nil)
        #expect(lanes.room(for: endpoint) == 0)
        #expect(lanes.enter(other) != nil)
        lanes.leave(first)
        #expect(lanes.room(for: endpoint) == 1)
        #expect(lanes.enter(endpoint) != nil)
    }

    @Test("A slow endpoint gets two places until it answers in time again")
    func slow() throws {
        let lanes = EndpointLanes(width: 4)
        let late = try #require(lanes.enter(endpoint, at: start))
        lanes.leave(late, at: start + .seconds(6))
        let first = try #require(lanes.enter(endpoint, at: start + .seconds(6)))
        #expect(lanes.enter(endpoint, at: start + .seconds(6)) != nil)
        #expect(lanes.enter(endpoint, at: start + .seconds(6)) == nil)
        lanes.leave(first, at: start + .seconds(7))
        #expect(lanes.room(for: endpoint) == 3)
    }

    @Test("An endpoint whose answer is overdue counts as slow before the answer comes")
    func overdue() {
        let lanes = EndpointLanes(width: 4)
        #expect(lanes.enter(endpoint, at: start) != nil)
        #expect(lanes.enter(endpoint, at: start + .seconds(1)) != nil)
        #expect(lanes.enter(endpoint, at: start + .seconds(5)) == nil)
    }

    @Test("An attempt that was not made teaches nothing")
    func off() throws {
        let lanes = EndpointLanes(width: 2)
        let place = try #require(lanes.enter(endpoint, at: start))
        lanes.leave(place, isOff: true, at: start + .seconds(60))
        #expect(lanes.room(for: endpoint) == 2)
    }

    @Test("All slow endpoints together get a share, and the others what is left")
    func slowTotal() throws {
        let lanes = EndpointLanes(width: 4, slowTotal: 3)
        let endpoints = (0..<3).map { _ in WebhookEndpointID(UUID()) }
        for id in endpoints {
            let place = try #require(lanes.enter(id, at: start))
            lanes.leave(place, at: start + .seconds(10))
        }
        let now = start + .seconds(10)
        let places = endpoints.flatMap { id in [lanes.enter(id, at: now), lanes.enter(id, at: now)] }
        #expect(places.compactMap(\.self).count == 3)
        #expect(lanes.enter(other, at: now) != nil)
        // One that recovers makes room for the rest.
        lanes.leave(try #require(places[0]), at: now + .seconds(1))
        #expect(lanes.enter(endpoints[2], at: now + .seconds(1)) != nil)
    }

    /// Lets nobody lose patience before it is let go, however long a busy machine takes.
    private func lanes(width: Int, maximumWaiting: Int, patience: StopSignal) -> EndpointLanes {
        EndpointLanes(
            width: width, slowness: .seconds(3600), maximumWaiting: maximumWaiting,
            patience: { await patience.wait() })
    }

    private func waiters(_ count: Int, at lanes: EndpointLanes) async {
        while lanes.waitingCount(for: endpoint) < count { await Task.yield() }
    }

    @Test("Who finds no room waits its turn, unless too many wait already")
    func waiting() async throws {
        let patience = StopSignal()
        let lanes = lanes(width: 1, maximumWaiting: 2, patience: patience)
        let place = try #require(await lanes.waitToEnter(endpoint))
        async let second = lanes.waitToEnter(endpoint)
        await waiters(1, at: lanes)
        async let third = lanes.waitToEnter(endpoint)
        await waiters(2, at: lanes)
        #expect(await lanes.waitToEnter(endpoint) == nil)
        lanes.leave(place)
        let next = try #require(await second)
        #expect(lanes.waitingCount(for: endpoint) == 1)
        #expect(lanes.room(for: endpoint) == 0)
        lanes.leave(next)
        let last = try #require(await third)
        lanes.leave(last)
        #expect(lanes.room(for: endpoint) == 1)
        patience.stop()
    }

    @Test("Who has waited long enough finds no room")
    func impatience() async throws {
        let patience = StopSignal()
        let lanes = lanes(width: 1, maximumWaiting: 1, patience: patience)
        let place = try #require(await lanes.waitToEnter(endpoint))
        async let second = lanes.waitToEnter(endpoint)
        await waiters(1, at: lanes)
        patience.stop()
        #expect(await second == nil)
        #expect(lanes.waitingCount(for: endpoint) == 0)
        lanes.leave(place)
        #expect(lanes.room(for: endpoint) == 1)
    }

    @Test("Nobody waits for an endpoint that turns out to be slow")
    func slowWhileWaiting() async throws {
        let patience = StopSignal()
        let lanes = lanes(width: 3, maximumWaiting: 8, patience: patience)
        let places = [lanes.enter(endpoint), lanes.enter(endpoint), lanes.enter(endpoint)].compactMap(\.self)
        async let waiting = lanes.waitToEnter(endpoint)
        await waiters(1, at: lanes)
        lanes.leave(try #require(places.first), at: .now + .seconds(3601))
        #expect(await waiting == nil)
        #expect(await lanes.waitToEnter(endpoint) == nil)
        patience.stop()
    }
}
