/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let authenticationPaths = ##"""
        "/api/v1/auth/sign-in":{"post":{"tags":["Authentication"],"operationId":"signIn","summary":"Sign in","description":"Star\##
        ts a session with e-mail and password. An unknown address and a wrong password are answered alike, after the same time;\##
         after some failures answers are 429 for a while.","x-permission":"public","security":[],"requestBody":{"required":true,\##
        "content":{"application/json":{"schema":{"$ref":"#/components/schemas/SignIn"},"example":{"email":"owner@localhost","pas\##
        sword":"the password of credentials.json"}}}},"responses":{"200":{"description":"The session.","content":{"application/j\##
        son":{"schema":{"$ref":"#/components/schemas/SignedIn"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$re\##
        f":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/componen\##
        ts/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsupporte\##
        dMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500"\##
        :{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/refresh":\##
        {"post":{"tags":["Authentication"],"operationId":"refreshSession","summary":"Renew a session","description":"A new acces\##
        s token and a new refresh token for a refresh token, which works once: used again it ends the whole session, as somebody\##
         else has a copy.","x-permission":"public","security":[],"requestBody":{"required":true,"content":{"application/json":{"\##
        schema":{"$ref":"#/components/schemas/Refresh"},"example":{"refresh_token":"spdrl_refresh_..."}}}},"responses":{"200":{"\##
        description":"The session.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/SignedIn"}}}},"400":{"\##
        $ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/compo\##
        nents/responses/Forbidden"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLar\##
        ge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},\##
        "429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/componen\##
        ts/responses/Unavailable"}}}},"/api/v1/auth/sign-out":{"post":{"tags":["Authentication"],"operationId":"signOut","summar\##
        y":"Sign out","description":"Ends the caller's session and its access token.","x-permission":"signed-in","responses":{"2\##
        04":{"description":"Done."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unau\##
        thenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/responses/Limited"},"500":{"\##
        $ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/sign-out-eve\##
        rywhere":{"post":{"tags":["Authentication"],"operationId":"signOutEverywhere","summary":"Sign out everywhere","descripti\##
        on":"Ends every session of the caller.","x-permission":"signed-in","responses":{"204":{"description":"Done."},"400":{"$r\##
        ef":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/compone\##
        nts/responses/Forbidden"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"}\##
        ,"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/password-resets":{"post":{"tags":["Authentication"\##
        ],"operationId":"requestPasswordReset","summary":"Ask for a new password","description":"Mails a link that works once, f\##
        or an hour, if somebody has the address. The answer is the same if nobody has.","x-permission":"public","security":[],"r\##
        equestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/PasswordResetRequest"\##
        },"example":{"email":"owner@localhost"}}}},"responses":{"202":{"description":"Taken."},"400":{"$ref":"#/components/respo\##
        nses/Malformed"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/components/responses/TooSlow"},"413"\##
        :{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"\##
        #/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/respo\##
        nses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/password-resets/confirm":{"post":{"ta\##
        gs":["Authentication"],"operationId":"resetPassword","summary":"Set a new password","description":"With the token of the\##
         link. Ends every session of the user.","x-permission":"public","security":[],"requestBody":{"required":true,"content":{\##
        "application/json":{"schema":{"$ref":"#/components/schemas/PasswordReset"},"example":{"token":"spdrl_reset_...","passwor\##
        d":"a new, long password"}}}},"responses":{"204":{"description":"Done."},"400":{"$ref":"#/components/responses/Malformed\##
        "},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/c\##
        omponents/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Uns\##
        upportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"\##
        },"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/in\##
        vitations/accept":{"post":{"tags":["Authentication"],"operationId":"acceptInvitation","summary":"Accept an invitation","\##
        description":"With the token of the link: makes an account and signs in. Somebody who has an account signs in and uses `\##
        POST /api/v1/users/me/invitations`.","x-permission":"public","security":[],"requestBody":{"required":true,"content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/InvitationAcceptance"},"example":{"token":"spdrl_invite_...","na\##
        me":"Ada","password":"a new, long password"}}}},"responses":{"201":{"description":"The session.","content":{"application\##
        /json":{"schema":{"$ref":"#/components/schemas/SignedIn"}}}},"400":{"$ref":"#/components/responses/Malformed"},"403":{"$\##
        ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/re\##
        sponses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415\##
        ":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$\##
        ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/respon\##
        ses/Unavailable"}}}}
        """##

    static let authenticationSchemas = ##"""
        "SignIn":{"description":"E-mail and password.","type":"object","additionalProperties":false,"required":["email","passwor\##
        d"],"properties":{"email":{"type":"string","description":"An e-mail address.","minLength":1,"maxLength":254},"password":\##
        {"type":"string","description":"The password.","minLength":1,"maxLength":1024}}},"Refresh":{"description":"A refresh tok\##
        en.","type":"object","additionalProperties":false,"required":["refresh_token"],"properties":{"refresh_token":{"type":"st\##
        ring","description":"Of the session.","minLength":1,"maxLength":256}}},"SignedIn":{"description":"A session's tokens, sh\##
        own this once.","type":"object","additionalProperties":false,"required":["access_token","token_type","expires_in","expir\##
        es_at","refresh_token","user_id","session_id"],"properties":{"access_token":{"type":"string","description":"A JWT, to be\##
         sent as `Authorization: Bearer`."},"token_type":{"type":"string","description":"`Bearer`.","enum":["Bearer"]},"expires_\##
        in":{"type":"integer","description":"Seconds until the access token ends."},"expires_at":{"type":"string","description":\##
        "When the access token ends. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"refresh_token":{"type":"string","de\##
        scription":"For the next one; works once."},"user_id":{"type":"string","description":"Who signed in.","format":"uuid"},"\##
        session_id":{"type":"string","description":"The session.","format":"uuid"}}},"PasswordResetRequest":{"description":"Whos\##
        e password.","type":"object","additionalProperties":false,"required":["email"],"properties":{"email":{"type":"string","d\##
        escription":"An e-mail address.","minLength":1,"maxLength":254}}},"PasswordReset":{"description":"The link's token and w\##
        hat to set.","type":"object","additionalProperties":false,"required":["token","password"],"properties":{"token":{"type":\##
        "string","description":"The token of the link.","minLength":1,"maxLength":256},"password":{"type":"string","description"\##
        :"10 characters or more, at most 1,024 bytes.","minLength":1,"maxLength":1024}}},"InvitationAcceptance":{"description":"\##
        The link's token and who accepts.","type":"object","additionalProperties":false,"required":["token","name","password"],"\##
        properties":{"token":{"type":"string","description":"The token of the link.","minLength":1,"maxLength":256},"name":{"typ\##
        e":"string","description":"1 to 100 characters.","minLength":1,"maxLength":100},"password":{"type":"string","description\##
        ":"10 characters or more, at most 1,024 bytes.","minLength":1,"maxLength":1024}}}
        """##
}
