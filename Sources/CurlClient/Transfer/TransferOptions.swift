/// A transfer's plan as libcurl's options. The first option that libcurl does not take is remembered: none is lost in silence,
/// because some of them are what keeps a transfer safe.

import CLibcurl
import Glibc

struct TransferOptions {
    private let handle: UnsafeMutableRawPointer
    private var code = CURLE_OK

    init(_ handle: UnsafeMutableRawPointer) { self.handle = handle }

    /// Errors: `invalidRequest`.
    func check() throws(CurlError) {
        guard code != CURLE_OK else { return }
        throw CurlError(.invalidRequest, "libcurl does not take the request: \(String(cString: curl_easy_strerror(code)))")
    }

    /// What every transfer has: callbacks, TLS, proxy, no signals.
    mutating func setShared(_ plan: TransferPlan, context: UnsafeMutableRawPointer) {
        set(CURLOPT_NOSIGNAL, 1)
        // A transfer that is cancelled while its name resolves does not wait for the resolver's thread.
        set(CURLOPT_QUICK_EXIT, 1)
        if let limit = plan.timeouts.connect { set(CURLOPT_CONNECTTIMEOUT_MS, max(1, limit.wholeMilliseconds)) }
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_USERAGENT, plan.settings.userAgent)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // Debian's libcurl reads the system's authorities from a directory as well, so the file adds to them.
        if let file = plan.settings.additionalAuthoritiesFile { set(CURLOPT_CAINFO, file) }
        switch plan.settings.proxy {
        case .none: set(CURLOPT_PROXY, "")
        case .fromEnvironment: break
        case .url(let url): set(CURLOPT_PROXY, url)
        }
        set(CURLOPT_OPENSOCKETDATA, pointer: context)
        remember(spandrel_curl_set_open_socket(handle, TransferCallbacks.openSocket))
        set(CURLOPT_PREREQDATA, pointer: context)
        remember(spandrel_curl_set_prerequest(handle, TransferCallbacks.prerequest))
        set(CURLOPT_HEADERDATA, pointer: context)
        remember(spandrel_curl_set_bytes(handle, CURLOPT_HEADERFUNCTION, TransferCallbacks.header))
        set(CURLOPT_WRITEDATA, pointer: context)
        remember(spandrel_curl_set_bytes(handle, CURLOPT_WRITEFUNCTION, TransferCallbacks.body))
        set(CURLOPT_READDATA, pointer: context)
        remember(spandrel_curl_set_bytes(handle, CURLOPT_READFUNCTION, TransferCallbacks.content))
    }

    /// - Parameters:
    ///   - headers: outlives the transfer; libcurl does not copy it.
    ///   - body: the same.
    mutating func set(_ request: CurlRequest, headers: UnsafeMutablePointer<curl_slist>?, body: UnsafeMutablePointer<UInt8>?) {
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_URL, request.url.text)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        } else if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            remember(spandrel_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
            set(CURLOPT_POSTFIELDS, pointer: body)
            set(CURLOPT_CUSTOMREQUEST, request.method)
        } else {
            set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        remember(spandrel_curl_set_list(handle, CURLOPT_HTTPHEADER, headers))
    }

    /// The request's header fields as libcurl wants them: an empty value is written `name;`, and `name:` takes away one that
    /// libcurl would add.
    static func headerLines(of request: CurlRequest) -> [String] {
        var lines = request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // No form was filled in, and nobody waits for 100 Continue.
        if request.headers["content-type"] == nil { lines.append("Content-Type:") }
        lines.append("Expect:")
        return lines
    }

    mutating func set(_ mail: MailTransfer, recipients: UnsafeMutablePointer<curl_slist>?, byteCount: Int) {
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        set(CURLOPT_URL, mail.server)
        set(CURLOPT_USE_SSL, Int((mail.requiresTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY).rawValue))
        if !mail.user.isEmpty {
            set(CURLOPT_USERNAME, mail.user)
            set(CURLOPT_PASSWORD, mail.password)
        }
        set(CURLOPT_MAIL_FROM, "<\(mail.sender)>")
        remember(spandrel_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients))
        set(CURLOPT_UPLOAD, 1)
        remember(spandrel_curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(byteCount)))
        // Mails are rare, and a kept connection might be one that an earlier password opened.
        set(CURLOPT_FRESH_CONNECT, 1)
        set(CURLOPT_FORBID_REUSE, 1)
    }

    private mutating func set(_ option: CURLoption, _ value: Int) { remember(spandrel_curl_set_long(handle, option, value)) }

    private mutating func set(_ option: CURLoption, _ value: String) { remember(spandrel_curl_set_text(handle, option, value)) }

    private mutating func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) {
        remember(spandrel_curl_set_pointer(handle, option, pointer))
    }

    private mutating func remember(_ result: CURLcode) {
        if code == CURLE_OK { code = result }
    }
}

extension Duration {
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue) + Int(attoseconds / 1_000_000_000_000_000)
    }
}
