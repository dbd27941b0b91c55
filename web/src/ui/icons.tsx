// Our own line icons, 16 px on a grid of 16. They decorate: the word beside them, or the label of their button, says it.

import type { ReactNode } from "react";

function icon(paths: ReactNode) {
    return function Icon({ size = 16 }: { size?: number }) {
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
    };
}

export const LogoIcon = icon(<path d="M6.500 2.500h-3a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3M6.500 8h7m-2.500-2.500L13.500 8 11 10.500" />);
export const ConsoleIcon = icon(<path d="M2.500 2.500h4.500v6H2.500zM9 2.500h4.500v3.500H9zM9 8h4.500v5.500H9zM2.500 10.500h4.500v3H2.500z" />);
export const DeviceIcon = icon(<path d="M4.500 1.500h7v13h-7zM7 12h2" />);
export const PersonIcon = icon(
    <>
        <circle cx="8" cy="5.300" r="2.800" />
        <path d="M2.700 14c.6-2.900 2.600-4.300 5.300-4.300s4.700 1.400 5.300 4.300" />
    </>,
);
export const RecordIcon = icon(<path d="M3 2.500h10v11H3zM5.500 5.500h5M5.500 8h5M5.500 10.500h3" />);
export const GrantIcon = icon(
    <>
        <circle cx="5" cy="11" r="2.500" />
        <path d="M6.800 9.200 13 3M10.500 5.500l2 2M8.700 7.300l1.300 1.300" />
    </>,
);
export const SearchIcon = icon(
    <>
        <circle cx="7" cy="7" r="4.300" />
        <path d="m10.300 10.300 3.400 3.400" />
    </>,
);
export const TickIcon = icon(<path d="m3.500 8.500 3 3 6-7" strokeWidth="2" />);
export const CrossIcon = icon(<path d="m4.500 4.500 7 7m0-7-7 7" strokeWidth="2" />);
export const BangIcon = icon(<path d="M8 3v6M8 12.400v.2" strokeWidth="2.200" />);
export const DashIcon = icon(<path d="M4 8h8" strokeWidth="2" />);
export const MenuIcon = icon(<path d="M2.500 4h11M2.500 8h11M2.500 12h11" />);
export const MoreIcon = icon(<path d="M3.500 8h.01M8 8h.01M12.500 8h.01" strokeWidth="2.200" />);
export const PauseIcon = icon(<path d="M5.500 3.500v9M10.500 3.500v9" strokeWidth="2" />);
export const PlayIcon = icon(<path d="M5 3.200v9.600L12.500 8z" />);
export const CameraIcon = icon(
    <>
        <path d="M2 5h2.700l1-1.800h4.600l1 1.800H14v8H2z" />
        <circle cx="8" cy="8.700" r="2.300" />
    </>,
);
export const ExpandIcon = icon(<path d="M9.500 2.500h4v4M6.500 13.500h-4v-4M13.500 2.500 9.300 6.700M2.500 13.500l4.200-4.200" />);
export const SoundIcon = icon(<path d="M2.500 6v4h2.300L8.500 13V3L4.800 6zM11 5.800a3.200 3.200 0 0 1 0 4.400M12.800 4a5.700 5.700 0 0 1 0 8" />);
export const MuteIcon = icon(<path d="M2.500 6v4h2.300L8.500 13V3L4.800 6zM11.300 6.300l3 3.400m0-3.400-3 3.400" />);
export const SunIcon = icon(
    <>
        <circle cx="8" cy="8" r="2.800" />
        <path d="M8 1.500v1M8 13.500v1M1.500 8h1M13.500 8h1M3.400 3.400l.7.7M11.900 11.900l.7.7M12.600 3.400l-.7.7M4.100 11.900l-.7.7" />
    </>,
);
export const MoonIcon = icon(<path d="M13 9.800A5.500 5.500 0 0 1 6.200 3 5.500 5.500 0 1 0 13 9.800z" />);
export const DownIcon = icon(<path d="m4 6 4 4 4-4" />);
export const LeftIcon = icon(<path d="M10 4 6 8l4 4" />);
export const RightIcon = icon(<path d="m6 4 4 4-4 4" />);
