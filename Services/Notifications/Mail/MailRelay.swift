import Curl

/// What takes mails, and sees to them from then on.
protocol MailRelay: Sendable {
    /// Returns when the mail is the relay's. Never retries by itself.
    func send(_ mail: Mail) async throws(MailSendError)
}

extension MailSender: MailRelay {}
