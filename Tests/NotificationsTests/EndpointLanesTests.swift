import Contracts
import Foundation
import Testing

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
}
