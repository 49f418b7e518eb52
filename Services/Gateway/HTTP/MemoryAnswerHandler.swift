import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Gives answers from memory where requests arrive, before the tasks that serve the connection. A request that follows
/// one that is still being served is served after it.
final class MemoryAnswerHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let answers: MemoryAnswers
    /// How many requests were passed on and have not been answered.
    private var passedOn = 0
    /// Whether the rest of a request comes that has been answered.
    private var isAnswered = false
    private var mustFlush = false

    init(_ answers: MemoryAnswers) {
        self.answers = answers
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if passedOn == 0, answer(head, context) {
                isAnswered = true
                return
            }
            passedOn += 1
        case .body:
            if isAnswered { return }
        case .end:
            if isAnswered {
                isAnswered = false
                return
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if mustFlush {
            mustFlush = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { passedOn -= 1 }
        context.write(data, promise: promise)
    }

    private func answer(_ request: HTTPRequest, _ context: ChannelHandlerContext) -> Bool {
        guard let (head, body) = answers.answer(to: request) else { return false }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body { context.write(wrapOutboundOut(.body(body)), promise: nil) }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        mustFlush = true
        return true
    }
}
