import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The short way of a read whose answer, key and limit are all in memory: the same answer as through the router, without
/// a task, a route and a hop.
struct MemoryAnswers: Sendable {
    let edge: EdgeMiddleware
    let pipeline: EndpointPipeline
    private let date = HTTPDate()

    init(edge: EdgeMiddleware, pipeline: EndpointPipeline) {
        self.edge = edge
        self.pipeline = pipeline
    }

    /// The answer to a request without a body; nil when it must take the long way, because something about it is not
    /// usual or not in memory.
    func answer(to request: HTTPRequest) -> (head: HTTPResponse, body: ByteBuffer?)? {
        guard request.method == .get, let text = request.path, let target = pipeline.answers.target(text),
            request.headerFields[.connection].map({ $0.lowercased() == "keep-alive" }) ?? true,
            !request.headerFields.contains(.contentLength),
            !request.headerFields.contains(.transferEncoding), !request.headerFields.contains(.expect)
        else { return nil }
        let arrival = edge.arrival(of: request.headerFields)
        guard let reply = pipeline.remembered(request, target, arrival) else { return nil }
        var response = reply.response
        // A line for each look would cost more than the look; the request log has them all.
        edge.complete(&response, arrival, method: request.method, route: target.endpoint.path, level: .debug)
        response.headers[.date] = date.text(at: arrival.receivedAt)
        guard case .shared(let bytes, _) = reply.body else { return (response.head, nil) }
        return (response.head, bytes)
    }
}
