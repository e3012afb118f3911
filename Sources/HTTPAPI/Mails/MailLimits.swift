/// Limits of mails with links into accounts, with their reasons.
enum MailLimits {
    /// Mails of one kind (invitations, password resets) on their way at once: a mail server that hangs holds this many, for its time limit.
    static let maximumMailCount = 100
    /// Of these, of one organization: a team is invited in one go, and others invite at the same time.
    static let maximumMailCountPerSender = 25
}
