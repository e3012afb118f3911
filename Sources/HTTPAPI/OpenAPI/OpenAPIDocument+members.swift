/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let membersPaths = ##"""
        "/api/v1/organizations/{organization_id}/members":{"get":{"tags":["Members"],"operationId":"listMembers","summary":"List\##
         members","description":"Of the organization, with their roles.","x-permission":"members.read","parameters":[{"name":"or\##
        ganization_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"string"}},{"$ref":"#\##
        /components/parameters/Project"},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema\##
        ":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description\##
        ":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of members.\##
        ","content":{"application/json":{"schema":{"$ref":"#/components/schemas/MemberList"}}}},"400":{"$ref":"#/components/resp\##
        onses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidde\##
        n"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/co\##
        mponents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/organizations/{organization_\##
        id}/members/{user_id}":{"put":{"tags":["Members"],"operationId":"setMemberRole","summary":"Change a member's role","desc\##
        ription":"Nobody gives or takes a role above the own; the last owner stays one.","x-permission":"members.manage","parame\##
        ters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"st\##
        ring"}},{"name":"user_id","in":"path","required":true,"description":"The user's id.","schema":{"type":"string"}},{"$ref"\##
        :"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/c\##
        omponents/schemas/RoleChange"},"example":{"role":"viewer"}}}},"responses":{"200":{"description":"The member.","content":\##
        {"application/json":{"schema":{"$ref":"#/components/schemas/Member"}}}},"400":{"$ref":"#/components/responses/Malformed"\##
        },"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref\##
        ":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/respons\##
        es/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaTyp\##
        e"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":\##
        "#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"delete":{"tags":["Members"],"ope\##
        rationId":"removeMember","summary":"Remove a member","description":"From the organization and all of its projects. The l\##
        ast owner stays.","x-permission":"members.manage","parameters":[{"name":"organization_id","in":"path","required":true,"d\##
        escription":"The organization's id.","schema":{"type":"string"}},{"name":"user_id","in":"path","required":true,"descript\##
        ion":"The user's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"204":{"descr\##
        iption":"Gone."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated\##
        "},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/c\##
        omponents/responses/Conflict"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Def\##
        ect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/users/me/organizations/{organization_id}":{"delete\##
        ":{"tags":["Members"],"operationId":"leaveOrganization","summary":"Leave an organization","description":"With all roles\##
         in its projects. The last owner stays.","x-permission":"signed-in","parameters":[{"name":"organization_id","in":"path",\##
        "required":true,"description":"The organization's id.","schema":{"type":"string"}}],"responses":{"204":{"description":"G\##
        one."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{\##
        "$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/components/\##
        responses/Conflict"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503\##
        ":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}/members":{"get":{"tags":["Members"],"o\##
        perationId":"listProjectMembers","summary":"List a project's members","description":"Those with a role in the project it\##
        self.","x-permission":"members.read","parameters":[{"name":"project_id","in":"path","required":true,"description":"The p\##
        roject's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","requi\##
        red":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name"\##
        :"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"\##
        responses":{"200":{"description":"A page of members.","content":{"application/json":{"schema":{"$ref":"#/components/sche\##
        mas/MemberList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthentica\##
        ted"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"\##
        #/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Un\##
        available"}}}},"/api/v1/projects/{project_id}/members/{user_id}":{"put":{"tags":["Members"],"operationId":"setProjectMem\##
        berRole","summary":"Give a role in a project","description":"To a member of the organization or of one of its projects.\##
         The higher of both roles counts.","x-permission":"members.manage","parameters":[{"name":"project_id","in":"path","requi\##
        red":true,"description":"The project's id.","schema":{"type":"string"}},{"name":"user_id","in":"path","required":true,"d\##
        escription":"The user's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"req\##
        uired":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RoleChange"},"example":{"role":"member\##
        "}}}},"responses":{"200":{"description":"The member.","content":{"application/json":{"schema":{"$ref":"#/components/sche\##
        mas/Member"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"\##
        },"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/co\##
        mponents/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsu\##
        pportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"}\##
        ,"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"delete":{"tags":[\##
        "Members"],"operationId":"removeProjectMember","summary":"Take a role in a project","description":"The role in the organ\##
        ization stays.","x-permission":"members.manage","parameters":[{"name":"project_id","in":"path","required":true,"descript\##
        ion":"The project's id.","schema":{"type":"string"}},{"name":"user_id","in":"path","required":true,"description":"The us\##
        er's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"204":{"description":"Gon\##
        e."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$\##
        ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/re\##
        sponses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},\##
        "/api/v1/organizations/{organization_id}/invitations":{"get":{"tags":["Members"],"operationId":"listInvitations","summar\##
        y":"List invitations","description":"Open, accepted and ended ones, newest first.","x-permission":"members.manage","para\##
        meters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"\##
        string"}},{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","required":false,"description":"How ma\##
        ny at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required\##
        ":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description"\##
        :"A page of invitations.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/InvitationList"}}}},"400\##
        ":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/c\##
        omponents/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/L\##
        imited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"post":{"t\##
        ags":["Members"],"operationId":"createInvitation","summary":"Invite somebody","description":"By e-mail where the server\##
         has a mail server; otherwise the link is in this answer, and only here. It works once, for seven days.","x-permission":\##
        "members.manage","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's i\##
        d.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"a\##
        pplication/json":{"schema":{"$ref":"#/components/schemas/NewInvitation"},"example":{"email":"ada@example.com","role":"me\##
        mber"}}}},"responses":{"201":{"description":"The invitation with its link.","content":{"application/json":{"schema":{"$r\##
        ef":"#/components/schemas/CreatedInvitation"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/comp\##
        onents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/respons\##
        es/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$\##
        ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":\##
        "#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/U\##
        navailable"}}}},"/api/v1/organizations/{organization_id}/invitations/{invitation_id}":{"delete":{"tags":["Members"],"ope\##
        rationId":"revokeInvitation","summary":"Take an invitation back","description":"The link stops working.","x-permission":\##
        "members.manage","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's i\##
        d.","schema":{"type":"string"}},{"name":"invitation_id","in":"path","required":true,"description":"The invitation's id."\##
        ,"schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The invitati\##
        on.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Invitation"}}}},"400":{"$ref":"#/components/r\##
        esponses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbi\##
        dden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#\##
        /components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let membersSchemas = ##"""
        "Member":{"description":"Somebody with a role.","type":"object","additionalProperties":false,"required":["user_id","emai\##
        l","name","role","created_at"],"properties":{"user_id":{"type":"string","description":"The user.","format":"uuid"},"emai\##
        l":{"type":"string","description":"An e-mail address.","maxLength":254},"name":{"type":"string","description":"As others\##
         see it."},"role":{"type":"string","description":"`owner`, `admin`, `member` or `viewer`.","enum":["owner","admin","memb\##
        er","viewer"]},"created_at":{"type":"string","description":"Since when. RFC 3339 with nanoseconds, UTC.","format":"date-\##
        time"}}},"MemberList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"dat\##
        a":{"type":"array","description":"Members.","items":{"$ref":"#/components/schemas/Member"}},"next_cursor":{"type":["stri\##
        ng","null"],"description":"For the next page; null on the last one."}}},"RoleChange":{"description":"The role to have.",\##
        "type":"object","additionalProperties":false,"required":["role"],"properties":{"role":{"type":"string","description":"`o\##
        wner`, `admin`, `member` or `viewer`.","enum":["owner","admin","member","viewer"]}}},"NewInvitation":{"description":"Who\##
        m to invite.","type":"object","additionalProperties":false,"required":["email","role"],"properties":{"email":{"type":"st\##
        ring","description":"An e-mail address.","minLength":1,"maxLength":254},"role":{"type":"string","description":"`owner`,\##
         `admin`, `member` or `viewer`.","enum":["owner","admin","member","viewer"]},"project_id":{"type":["string","null"],"des\##
        cription":"A project: the role is in it alone.","format":"uuid"}}},"Invitation":{"description":"An invitation.","type":"\##
        object","additionalProperties":false,"required":["id","organization_id","project_id","email","role","created_at","expire\##
        s_at","accepted_at","revoked_at"],"properties":{"id":{"type":"string","description":"The invitation.","format":"uuid"},"\##
        organization_id":{"type":"string","description":"Into which organization.","format":"uuid"},"project_id":{"type":["strin\##
        g","null"],"description":"The project, where it is into one alone.","format":"uuid"},"email":{"type":"string","descripti\##
        on":"An e-mail address.","maxLength":254},"role":{"type":"string","description":"`owner`, `admin`, `member` or `viewer`.\##
        ","enum":["owner","admin","member","viewer"]},"created_at":{"type":"string","description":"When it was made. RFC 3339 wi\##
        th nanoseconds, UTC.","format":"date-time"},"expires_at":{"type":"string","description":"When it ends. RFC 3339 with nan\##
        oseconds, UTC.","format":"date-time"},"accepted_at":{"type":["string","null"],"description":"When it was accepted. RFC 3\##
        339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string","null"],"description":"When it was take\##
        n back. RFC 3339 with nanoseconds, UTC.","format":"date-time"}}},"CreatedInvitation":{"description":"An invitation. Its\##
         link is in it, this once, where it does not go out by e-mail.","type":"object","additionalProperties":false,"required":\##
        ["id","organization_id","project_id","email","role","created_at","expires_at","accepted_at","revoked_at","is_mailed"],"p\##
        roperties":{"id":{"type":"string","description":"The invitation.","format":"uuid"},"organization_id":{"type":"string","d\##
        escription":"Into which organization.","format":"uuid"},"project_id":{"type":["string","null"],"description":"The projec\##
        t, where it is into one alone.","format":"uuid"},"email":{"type":"string","description":"An e-mail address.","maxLength"\##
        :254},"role":{"type":"string","description":"`owner`, `admin`, `member` or `viewer`.","enum":["owner","admin","member","\##
        viewer"]},"created_at":{"type":"string","description":"When it was made. RFC 3339 with nanoseconds, UTC.","format":"date\##
        -time"},"expires_at":{"type":"string","description":"When it ends. RFC 3339 with nanoseconds, UTC.","format":"date-time"\##
        },"accepted_at":{"type":["string","null"],"description":"When it was accepted. RFC 3339 with nanoseconds, UTC.","format"\##
        :"date-time"},"revoked_at":{"type":["string","null"],"description":"When it was taken back. RFC 3339 with nanoseconds, U\##
        TC.","format":"date-time"},"url":{"type":"string","description":"The link to pass on; left out where it is mailed."},"to\##
        ken":{"type":"string","description":"The token in it; left out where it is mailed."},"is_mailed":{"type":"boolean","desc\##
        ription":"Whether it goes out by e-mail."}}},"InvitationList":{"type":"object","additionalProperties":false,"required":[\##
        "data","next_cursor"],"properties":{"data":{"type":"array","description":"Invitations.","items":{"$ref":"#/components/sc\##
        hemas/Invitation"}},"next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}}
        """##
}
