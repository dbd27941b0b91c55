// Our own line icons, 16 px on a grid of 16. They decorate: the word beside them, or the label of their button, says it.

import type { ReactNode } from "react";

interface IconProps {
    size?: number;
}

function Drawing({ size = 16, paths }: IconProps & { paths: ReactNode }) {
    return (
        <svg
            className="icon"
            width={size}
            height={size}
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
            strokeLinejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            {paths}
        </svg>
    );
}

const icon = (paths: ReactNode) => (props: IconProps) => <Drawing {...props} paths={paths} />;

export const LogoIcon = icon(<path d="M6.5 2.5h-3a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3M6.5 8h7m-2.5-2.5L13.5 8 11 10.5" />);
export const ConsoleIcon = icon(<path d="M2.5 2.5h4.5v6H2.5zM9 2.5h4.5v3.5H9zM9 8h4.5v5.5H9zM2.5 10.5h4.5v3H2.5z" />);
export const DeviceIcon = icon(<path d="M4.5 1.5h7v13h-7zM7 12h2" />);
export const PersonIcon = icon(
    <>
        <circle cx="8" cy="5.3" r="2.8" />
        <path d="M2.7 14c.6-2.9 2.6-4.3 5.3-4.3s4.7 1.4 5.3 4.3" />
    </>,
);
export const RecordIcon = icon(<path d="M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3" />);
export const GrantIcon = icon(
    <>
        <circle cx="5" cy="11" r="2.5" />
        <path d="M6.8 9.2 13 3M10.5 5.5l2 2M8.7 7.3l1.3 1.3" />
    </>,
);
export const GroupIcon = icon(
    <path d="M5.5 2.5h5V6h-5zM2 10.5h4.5V14H2zM9.5 10.5H14V14H9.5zM8 6v2.3M4.2 10.5V8.3h7.6v2.2" />,
);
export const UserIcon = icon(
    <>
        <path d="M2.5 3h11v10h-11z" />
        <circle cx="6" cy="7" r="1.4" />
        <path d="M3.8 10.8c.4-1 1.2-1.5 2.2-1.5s1.8.5 2.2 1.5M10 6.5h1.8M10 9h1.8" />
    </>,
);
export const RoleIcon = icon(<path d="M2.5 2.5h11v11h-11zM2.5 6h11M6.2 6v7.5M8.2 9.8l1.3 1.3 2.3-2.6" />);
export const EnterpriseIcon = icon(
    <path d="M3 14V2.5h6.5V14M9.5 6.5H13V14M1.8 14h12.4M5.3 5.3h2M5.3 8h2M5.3 10.7h2" />,
);
export const SearchIcon = icon(
    <>
        <circle cx="7" cy="7" r="4.3" />
        <path d="m10.3 10.3 3.4 3.4" />
    </>,
);
export const TickIcon = icon(<path d="m3.5 8.5 3 3 6-7" strokeWidth="2" />);
export const CrossIcon = icon(<path d="m4.5 4.5 7 7m0-7-7 7" strokeWidth="2" />);
export const BangIcon = icon(<path d="M8 3v6M8 12.4v.2" strokeWidth="2.2" />);
export const DashIcon = icon(<path d="M4 8h8" strokeWidth="2" />);
export const MenuIcon = icon(<path d="M2.5 4h11M2.5 8h11M2.5 12h11" />);
export const MoreIcon = icon(<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.2" />);
export const PauseIcon = icon(<path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2" />);
export const PlayIcon = icon(<path d="M5 3.2v9.6L12.5 8z" />);
export const CameraIcon = icon(
    <>
        <path d="M2 5h2.7l1-1.8h4.6l1 1.8H14v8H2z" />
        <circle cx="8" cy="8.7" r="2.3" />
    </>,
);
export const ExpandIcon = icon(<path d="M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9.3 6.7M2.5 13.5l4.2-4.2" />);
export const SoundIcon = icon(
    <path d="M2.5 6v4h2.3L8.5 13V3L4.8 6zM11 5.8a3.2 3.2 0 0 1 0 4.4M12.8 4a5.7 5.7 0 0 1 0 8" />,
);
export const MuteIcon = icon(<path d="M2.5 6v4h2.3L8.5 13V3L4.8 6zM11.3 6.3l3 3.4m0-3.4-3 3.4" />);
export const SunIcon = icon(
    <>
        <circle cx="8" cy="8" r="2.8" />
        <path d="M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7" />
    </>,
);
export const MoonIcon = icon(<path d="M13 9.8A5.5 5.5 0 0 1 6.2 3 5.5 5.5 0 1 0 13 9.8z" />);
export const DownIcon = icon(<path d="m4 6 4 4 4-4" />);
export const LeftIcon = icon(<path d="M10 4 6 8l4 4" />);
export const RightIcon = icon(<path d="m6 4 4 4-4 4" />);
export const UpIcon = icon(<path d="m4 10 4-4 4 4" />);
export const ColumnsIcon = icon(<path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" />);
export const OperationIcon = icon(<path d="M2.5 4.5h6M2.5 8h6M2.5 11.5h6M11 4.5l1.2 1.2 2-2.4M11 8.5h3M11 11.5h3" />);
export const AuditIcon = icon(
    <>
        <path d="M8 1.8 13 3.6v4.2c0 3-2 5.2-5 6.4-3-1.2-5-3.4-5-6.4V3.6z" />
        <path d="m5.8 7.8 1.6 1.6 2.8-3.2" />
    </>,
);
export const KeyIcon = icon(
    <>
        <circle cx="5" cy="8" r="2.6" />
        <path d="M7.6 8h6.4M11.5 8v2.4M13.8 8v1.8" />
    </>,
);
export const CopyIcon = icon(<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />);
export const RefreshIcon = icon(<path d="M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 2v3h-3" />);
export const VisitorIcon = icon(
    <>
        <circle cx="6.5" cy="5.3" r="2.6" />
        <path d="M1.8 13.5c.5-2.7 2.3-4 4.7-4s4.2 1.3 4.7 4M11.5 6h3m-1.3-1.5L14.7 6l-1.5 1.5" />
    </>,
);
export const BlacklistIcon = icon(
    <>
        <circle cx="8" cy="8" r="5.5" />
        <path d="m4.2 4.2 7.6 7.6" />
    </>,
);
export const ReceiptIcon = icon(<path d="M3.5 1.8h9v12.4l-2.2-1.4L8 14.2l-2.3-1.4-2.2 1.4zM6 5.5h4M6 8.5h4" />);
export const BellIcon = icon(<path d="M4 11.5V7a4 4 0 0 1 8 0v4.5M2.8 11.5h10.4M6.8 13.8h2.4M8 3V1.8" />);
export const PackageIcon = icon(<path d="M2.5 4.8 8 2l5.5 2.8v6.4L8 14l-5.5-2.8zM2.5 4.8 8 7.6l5.5-2.8M8 7.6V14" />);
export const RolloutIcon = icon(<path d="M8 13.5V5m-3 3 3-3 3 3M2.5 2.5h11" />);
export const DownloadIcon = icon(<path d="M8 2.5v7.5m-3-3 3 3 3-3M2.5 13.5h11" />);
const Arc = icon(<path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5" />);
export const BusyIcon = () => (
    <span className="busy-icon">
        <Arc />
    </span>
);
