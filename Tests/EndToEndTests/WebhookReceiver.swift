import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// A system that receives webhooks: an HTTP server that keeps what it was sent.
final class WebhookReceiver: Sendable {
    struct Delivery: Sendable {
        let headers: [String: String]
        let body: String
    }

    private let received = Mutex<[Delivery]>([])

    var deliveries: [Delivery] { received.withLock { $0 } }

    /// Runs the server while the body does.
    static func with(_ body: (WebhookReceiver, _ url: String) async throws -> Void) async throws {
        let receiver = WebhookReceiver()
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.post("/hook") { request, context in
            let buffer = try await request.body.collect(upTo: 1 << 20)
            var headers: [String: String] = [:]
            for field in request.headers { headers[field.name.canonicalName] = field.value }
            receiver.received.withLock { $0.append(Delivery(headers: headers, body: String(buffer: buffer))) }
            return HTTPResponse.Status.ok
        }
        var logger = Logger(label: "webhook-receiver")
        logger.logLevel = .error
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            for await number in ports {
                try await body(receiver, "http://127.0.0.1:\(number)/hook")
                break
            }
            group.cancelAll()
        }
    }
}
