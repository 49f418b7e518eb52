import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The short way of a request whose answer, key and limit are all in memory: the same answer as through the router, without
/// a task, a route and a hop. A read that is remembered, or a change for which there is no room.
struct MemoryAnswers: Sendable {
    let edge: EdgeMiddleware
    let pipeline: EndpointPipeline
    /// The longest body of a request that is answered without being read: a usual one is here soon.
    private static let longestUnread = 16_384

    /// The changes that may be turned away, by their paths.
    private let rationed: [String: Endpoint]
    private let date = HTTPDate()

    init(edge: EdgeMiddleware, pipeline: EndpointPipeline) {
        self.edge = edge
        self.pipeline = pipeline
        let rationed = edge.endpoints.endpoints.filter {
            $0.isAdmittedByCapacity && $0.method == .post && $0.pathParameters.isEmpty
        }
        self.rationed = Dictionary(rationed.map { ($0.path, $0) }) { first, _ in first }
    }

    /// The answer to a request, by its head alone; nil when it must take the long way, because something about it is not
    /// usual or not in memory.
    func answer(to request: HTTPRequest) -> (head: HTTPResponse, body: ByteBuffer?)? {
        guard let text = request.path,
            request.headerFields[.connection].map({ $0.lowercased() == "keep-alive" }) ?? true,
            !request.headerFields.contains(.transferEncoding), !request.headerFields.contains(.expect)
        else { return nil }
        let length = request.headerFields[.contentLength].map { Int($0) ?? .max }
        switch request.method {
        case .get:
            guard length == nil, let target = pipeline.answers.target(text) else { return nil }
            return answer(to: request, at: target.endpoint) { pipeline.remembered(request, target, $0) }
        case .post:
            guard let length, length <= Self.longestUnread, let endpoint = rationed[text] else { return nil }
            return answer(to: request, at: endpoint) { pipeline.turnedAway(request, at: endpoint, $0) }
        default: return nil
        }
    }

    private func answer(
        to request: HTTPRequest, at endpoint: Endpoint, _ remember: (Arrival) -> Reply?
    ) -> (head: HTTPResponse, body: ByteBuffer?)? {
        let arrival = edge.arrival(of: request.headerFields)
        guard let reply = remember(arrival) else { return nil }
        var response = reply.response
        // A line for each would cost more than the answer; the request log has them all.
        edge.complete(&response, arrival, method: request.method, route: endpoint.path, level: .debug)
        response.headers[.date] = date.text(at: arrival.receivedAt)
        switch reply.body {
        case .shared(let bytes, _): return (response.head, bytes)
        case .bytes(let bytes, _):
            response.headers[.contentLength] = String(bytes.count)
            return (response.head, ByteBuffer(bytes: bytes))
        case .empty, .stream: return (response.head, nil)
        }
    }
}
