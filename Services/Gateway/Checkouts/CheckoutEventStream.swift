import Contracts
import Foundation
import Hummingbird
import ServiceLifecycle

/// A checkout's changes as Server-Sent Events (WHATWG HTML, section 9.2): the current state at once, then every change,
/// until the checkout has ended, the key no longer works, or the time is up. The client reconnects by itself and says what
/// it saw last.
struct CheckoutEventStream: Sendable {
    static let contentType = "text/event-stream"

    let watch: CheckoutWatch
    let calls: any ServiceCalls
    let access: LastingAccess
    /// How often to send a comment, which keeps proxies from closing the connection, and to ask for what was not heard.
    var keepAliveInterval = Duration.seconds(15)
    var maximumDuration = Duration.seconds(600)

    private enum Item: Sendable {
        case checkout(CheckoutDetails)
        case keepAlive
    }

    func write(
        _ checkoutID: CheckoutID, for call: Call, after lastVersion: Int?, to writer: inout any ResponseBodyWriter
    ) async throws {
        let (items, continuation) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingNewest(64))
        let token = watch.watch(checkoutID, of: try call.organizationID) { continuation.yield(.checkout($0)) }
        defer {
            watch.end(token)
            continuation.finish()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await refresh(checkoutID, for: call, continuation) }
            group.addTask {
                await access.untilRefused(call)
                continuation.finish()
            }
            group.addTask {
                // Cancelled when the stream has ended before the process does.
                try? await gracefulShutdown()
                continuation.finish()
            }
            defer { group.cancelAll() }
            var sentVersion = lastVersion ?? .min
            for await item in items {
                switch item {
                case .keepAlive: try await writer.write(ByteBuffer(string: ": keep-alive\n\n"))
                case .checkout(let checkout):
                    if checkout.version > sentVersion {
                        sentVersion = checkout.version
                        try await writer.write(ByteBuffer(bytes: try Self.event(checkout)))
                    }
                    if checkout.state.isFinal { return }
                }
            }
        }
        try await writer.finish(nil)
    }

    /// One event. JSON has no line breaks of its own, so that one `data` line holds it.
    static func event(_ checkout: CheckoutDetails) throws -> [UInt8] {
        Array("event: checkout\nid: \(checkout.version)\ndata: ".utf8) + (try MessageCodec.encode(checkout))
            + Array("\n\n".utf8)
    }

    private func refresh(
        _ checkoutID: CheckoutID, for call: Call, _ continuation: AsyncStream<Item>.Continuation
    ) async {
        let end = ContinuousClock.now + maximumDuration
        while ContinuousClock.now < end, !Task.isCancelled {
            do {
                let checkout = try await calls.ask(
                    GetCheckout(checkoutID: checkoutID), for: call, correlationID: checkoutID.rawValue)
                continuation.yield(.checkout(checkout))
            } catch {
                // The next one may be answered; changes are heard meanwhile.
                continuation.yield(.keepAlive)
            }
            // Cancellation ends the loop.
            try? await Task.sleep(for: keepAliveInterval)
            continuation.yield(.keepAlive)
        }
        continuation.finish()
    }
}
