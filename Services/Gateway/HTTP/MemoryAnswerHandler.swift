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
    /// What is answered to the request that is arriving, as soon as it is here: not all clients read before they have sent.
    private var answer: (head: HTTPResponse, body: ByteBuffer?)?
    private var mustFlush = false

    init(_ answers: MemoryAnswers) {
        self.answers = answers
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = passedOn == 0 ? answers.answer(to: head) : nil
            if answer != nil { return }
            passedOn += 1
        case .body:
            if answer != nil { return }
        case .end:
            if let answer {
                self.answer = nil
                return send(answer.head, answer.body, context)
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

    private func send(_ head: HTTPResponse, _ body: ByteBuffer?, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body { context.write(wrapOutboundOut(.body(body)), promise: nil) }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        mustFlush = true
    }
}
