/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let authenticationPaths = ##"""
        "/api/v1/auth/sign-in":{"post":{"tags":["Authentication"],"operationId":"signIn","summary":"Sign in","description":"Star\##
        ts a session with e-mail and password. An unknown address and a wrong password are answered alike, after the same time;\##
         after some failures answers are 429 for a while.","x-permission":"public","security":[],"requestBody":{"required":true,\##
        "content":{"application/json":{"schema":{"$ref":"#/components/schemas/SignIn"},"example":{"email":"owner@localhost","pas\##
        sword":"$SPANDREL_PASSWORD"}}}},"responses":{"200":{"description":"The session.","content":{"application/json":{"schema"\##
        :{"$ref":"#/components/schemas/SignedIn"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/componen\##
        ts/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/components/responses/T\##
        ooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"\##
        422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/co\##
        mponents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/refresh":{"post":{"tags\##
        ":["Authentication"],"operationId":"refreshSession","summary":"Renew a session","description":"A new access token and a\##
         new refresh token for a refresh token, which works once: used again it ends the whole session, as somebody else has a c\##
        opy.","x-permission":"public","security":[],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$re\##
        f":"#/components/schemas/Refresh"},"example":{"refresh_token":"$SPANDREL_REFRESH_TOKEN"}}}},"responses":{"200":{"descrip\##
        tion":"The session.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/SignedIn"}}}},"400":{"$ref":"\##
        #/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/r\##
        esponses/Forbidden"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"4\##
        15":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{\##
        "$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/resp\##
        onses/Unavailable"}}}},"/api/v1/auth/sign-out":{"post":{"tags":["Authentication"],"operationId":"signOut","summary":"Sig\##
        n out","description":"Ends the caller's session and its access token.","x-permission":"signed-in","responses":{"204":{"d\##
        escription":"Done."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthentic\##
        ated"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"\##
        #/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/sign-out-everywhere\##
        ":{"post":{"tags":["Authentication"],"operationId":"signOutEverywhere","summary":"Sign out everywhere","description":"En\##
        ds every session of the caller.","x-permission":"signed-in","responses":{"204":{"description":"Done."},"400":{"$ref":"#/\##
        components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/res\##
        ponses/Forbidden"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":\##
        {"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/password-resets":{"post":{"tags":["Authentication"],"oper\##
        ationId":"requestPasswordReset","summary":"Ask for a new password","description":"Mails a link that works once, for an h\##
        our, if somebody has the address; an account gets one a minute at most. The answer is the same if nobody has, or if too\##
         many mails are on their way. After many requests from a network answers are 429 for a while.","x-permission":"public","\##
        security":[],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Passwo\##
        rdResetRequest"},"example":{"email":"owner@localhost"}}}},"responses":{"202":{"description":"Taken."},"400":{"$ref":"#/c\##
        omponents/responses/Malformed"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/components/responses/\##
        TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},\##
        "422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/c\##
        omponents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/password-resets/confir\##
        m":{"post":{"tags":["Authentication"],"operationId":"resetPassword","summary":"Set a new password","description":"With t\##
        he token of the link. Ends every session of the user, and what wrong passwords made the account wait for.","x-permission\##
        ":"public","security":[],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/sc\##
        hemas/PasswordReset"},"example":{"token":"$SPANDREL_RESET_TOKEN","password":"a new, long password"}}}},"responses":{"204\##
        ":{"description":"Done."},"400":{"$ref":"#/components/responses/Malformed"},"403":{"$ref":"#/components/responses/Forbid\##
        den"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/\##
        components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components\##
        /responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"\##
        },"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/invitations/accept":{"post":{"tags":["Authenticat\##
        ion"],"operationId":"acceptInvitation","summary":"Accept an invitation","description":"With the token of the link: makes\##
         an account and signs in. Somebody who has an account signs in and uses `POST /api/v1/users/me/invitations`.","x-permiss\##
        ion":"public","security":[],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components\##
        /schemas/InvitationAcceptance"},"example":{"token":"$SPANDREL_INVITATION_TOKEN","name":"Ada","password":"a new, long pas\##
        sword"}}}},"responses":{"201":{"description":"The session.","content":{"application/json":{"schema":{"$ref":"#/component\##
        s/schemas/SignedIn"}}}},"400":{"$ref":"#/components/responses/Malformed"},"403":{"$ref":"#/components/responses/Forbidde\##
        n"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/co\##
        mponents/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Uns\##
        upportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"\##
        },"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
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
