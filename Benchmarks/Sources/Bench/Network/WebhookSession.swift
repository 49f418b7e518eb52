/// An organisation's own system: takes every webhook and answers 204.
final class WebhookSession: LocalServer.Session {
    private static let answer = Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)

    let greeting: [UInt8] = []
    private var received: [UInt8] = []
    private let onDelivery: () -> Void

    /// - Parameter onDelivery: called for each webhook, repetitions included.
    init(onDelivery: @escaping () -> Void) {
        self.onDelivery = onDelivery
    }

    func take(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        received += bytes
        var answers: [UInt8] = []
        while let head = try? received.withUnsafeBytes({ try ReplyHead($0) }),
            received.count >= head.length + head.bodyLength
        {
            received.removeFirst(head.length + head.bodyLength)
            onDelivery()
            answers += Self.answer
        }
        return answers
    }
}
