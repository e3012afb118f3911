/// Every limit of this target, with its reason. Times in nanoseconds.
package enum AccessLimits {
    /// How long a key's last check is taken for the truth: a revocation made by another process works after this at the latest
    /// (one made by this process at once).
    package static let positiveLifetimeNanoseconds: Int64 = 60_000_000_000
    /// From this age on a request renews the check in the background, so that a busy key's requests never wait for one.
    package static let refreshAgeNanoseconds: Int64 = 30_000_000_000
    /// How long "nobody has this key" is believed: a key works this long after it was made, if it was tried before.
    package static let negativeLifetimeNanoseconds: Int64 = 5_000_000_000
    /// How long keys known before go on working while PostgreSQL does not answer: a longer outage is somebody's business, and
    /// a key revoked meanwhile must end some time.
    package static let outageLifetimeNanoseconds: Int64 = 900_000_000_000
    /// How long a request of a known key waits for a look-up: PostgreSQL answers within milliseconds, or something is wrong with it.
    package static let lookUpPatienceNanoseconds: Int64 = 2_000_000_000
    /// How long after PostgreSQL failed to answer known keys are let in without asking it again: requests then do not pile up
    /// behind its time limit.
    package static let outageRetryNanoseconds: Int64 = 1_000_000_000
    /// Keys remembered as good, in each of two generations: far more than an installation has.
    package static let maximumKnownKeyCount = 10_000
    /// Keys remembered as bad, in each of two generations: a flood of made-up keys costs this memory and no more.
    package static let maximumUnknownKeyCount = 10_000
    /// Between two notes of when keys were last used.
    package static let useRecordIntervalNanoseconds: Int64 = 60_000_000_000
    /// Bytes of a header that may hold a key; a key has 55.
    package static let maximumCredentialByteCount = 4_096
    /// Access tokens live this long: a stolen one is of use for that time at most.
    package static let accessTokenLifetimeSeconds: Int64 = 900
    /// Bytes of an access token; ours have some 420.
    package static let maximumAccessTokenByteCount = 2_048
    /// Verified access tokens remembered, in each of two generations: verifying a signature costs more than the rest of a request.
    package static let maximumKnownTokenCount = 10_000
    /// A sign-in ends after this, however often its refresh token was exchanged.
    package static let sessionLifetimeSeconds: Int64 = 30 * 86_400
    /// A browser's session ends when nothing was asked with it for this long: a long weekend away from a machine that others may reach.
    package static let browserIdleLifetimeSeconds: Int64 = 4 * 86_400
    package static let invitationLifetimeSeconds: Int64 = 7 * 86_400
    /// A mail is read within the hour, or asked for again.
    package static let passwordResetLifetimeSeconds: Int64 = 3_600
    /// Seconds before an account that has an unused reset link gets another: whoever knows an address can ask for mail to it.
    package static let passwordResetPauseSeconds: Int64 = 60
    /// Characters of a password: fewer are guessed (NIST SP 800-63B).
    package static let minimumPasswordCharacterCount = 10
    /// Bytes of a password: more would only be work.
    package static let maximumPasswordByteCount = 1_024
    /// Passwords hashed at the same time: each takes 32 MiB and a core.
    package static let passwordLaneCount = 2
    /// Passwords waiting to be hashed, some 10 s of work: more are refused at once.
    package static let maximumWaitingPasswordCount = 64
    /// Of these, for one account: its user may sign in from several programs at the same moment.
    static let maximumWaitingPasswordCountPerAccount = 4
    /// Of these, for one network (one address, or a /64): an office begins its day at the same time.
    static let maximumWaitingPasswordCountPerNetwork = 16
    /// Failed sign-ins in a row that cost nothing yet: an account's user mistypes, an office shares an address.
    package static let freeAccountFailureCount = 5
    package static let freeAddressFailureCount = 25
    /// Wait after the first failure that is not free; doubled by each one after it, up to the maximum.
    package static let firstLockOutSeconds: Int64 = 1
    package static let maximumLockOutSeconds: Int64 = 900
    /// Failures this old are forgotten.
    package static let failureMemorySeconds: Int64 = 86_400
    /// Seconds for which a body may use up a rate in bytes: larger ones are refused, so that no request of one key shuts out the others
    /// of its project for longer.
    package static let maximumDebtSeconds: Int64 = 60
    /// Keys and projects with rate limits whose counters are kept before idle ones are looked for.
    package static let maximumLimitedSubjectCount = 20_000
    /// How long an old key goes on after it was replaced, at most: a month covers every deployment.
    package static let maximumKeyOverlapSeconds = 30 * 86_400
    /// A sign-in with an identity provider is done within this time of its start: people look for their second factor.
    package static let providerSignInLifetimeSeconds: Int64 = 600
    /// Such sign-ins that are remembered as used, in each of two generations: more than people finish in that time.
    static let maximumUsedLoginStateCount = 10_000
    /// Browsers that may come back from the provider, per network and window: an office begins its day at the same time.
    static let maximumCallbackCount = 60
    static let callbackWindowNanoseconds: Int64 = 60_000_000_000
    /// Networks whose callbacks are counted, in each of two generations.
    static let maximumCallbackNetworkCount = 10_000
    /// Bytes of the sealed state of such a sign-in, which travels in a cookie: it has some 500.
    static let maximumLoginStateByteCount = 2_048
    /// Bytes of an authorization code: providers make them of some hundred, a few put a whole sealed session into it.
    static let maximumAuthorizationCodeByteCount = 4_096
    /// What a provider publishes of itself is fetched again when it is this old: a key it withdraws is believed no longer.
    static let providerDocumentLifetimeNanoseconds: Int64 = 3_600_000_000_000
    /// After a provider did not give a document, this long it is not asked again: whoever signs in then is answered at once.
    static let providerFailureMemoryNanoseconds: Int64 = 5_000_000_000
    /// Between two fetches of a provider's keys that unknown key ids ask for: whoever makes up ids makes no more requests than this.
    static let keySetRefetchIntervalNanoseconds: Int64 = 60_000_000_000
    /// Bytes of any answer of a provider; the largest seen have 30 KiB.
    static let maximumProviderDocumentByteCount = 256 << 10
    /// Keys of a provider that are looked at; the largest providers publish five.
    static let maximumProviderKeyCount = 64
    /// Bytes of an ID token: a list of groups may make it long.
    static let maximumIDTokenByteCount = 64 << 10
    /// Seconds for a whole exchange with a provider: somebody waits for it in a browser.
    static let providerTimeoutSeconds: Int64 = 15
    /// Seconds by which a provider's clock may differ from ours.
    static let providerClockLeewaySeconds: Int64 = 60
    /// From a ticket's making to its use: a page asks for one and connects at once.
    package static let ticketLifetimeNanoseconds: Int64 = 30_000_000_000
    /// Tickets at a time, some 300 bytes each; and of one key or session, so that nobody uses up all of them.
    package static let maximumTicketCount = 20_000
    package static let maximumTicketCountPerCaller = 5_000
    /// Secrets read at a time when all are opened.
    static let verifiedBatchCount = 200
    /// Data keys re-wrapped between two looks at the state of a rotation.
    static let rewrapBatchCount = 100
    /// Bytes of the master key file: a few lines.
    static let maximumMasterKeyFileByteCount = 64 << 10
}
